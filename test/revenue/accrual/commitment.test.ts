import { describe, expect, it } from 'vitest'
import type { Commitment, ContractTerms } from '../../../src/contracts/contract.ts'
import { type BilledCycle, withLines } from '../../../src/invoicing/charges/billed-cycle.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledOf } from '../../../src/invoicing/cycle/unbilled.ts'
import { billedBy, type KnownAccrual } from '../../../src/revenue/accrual/accrual.ts'
import { earnedOf } from '../../../src/revenue/accrual/earned.ts'
import { closing, flat, sealed, unit, usage } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

/** 600.00 committed from January to June: a floor of 100.00 a month. */
const committed = (given: Partial<Commitment> = {}): Commitment => ({
  amount: '600',
  period: 'contract',
  true_up: true,
  overage_factor: '1',
  product_ref: 'calls',
  start_date: '2026-01-01',
  end_date: '2026-07-01',
  ...given,
})
const halfYear = (given: Partial<Commitment> = {}, more: Partial<ContractTerms> = {}) =>
  termsOf([sold('calls', unit('1'))], {
    end_date: '2026-07-01',
    commitments: [committed(given)],
    ...more,
  })
const OFF = {
  name: 'Off',
  type: 'percent',
  value: '20',
  products: null,
  from: null,
  until: null,
  cycles: null,
}

/** Months that are billed, each with its calls at 1.00; net as `netPercent` leaves it. */
const billed = (calls: readonly number[], netPercent = 100): BilledCycle[] =>
  withLines(
    [],
    calls.map((used, place) => {
      const month = `2026-0${place + 1}`
      return {
        kind: 'usage' as const,
        productRef: 'calls',
        serviceCycleNo: place + 1,
        amount: BigInt(used) * 100n,
        netAmount: BigInt(used * netPercent),
        serviceStart: `${month}-01`,
        serviceEnd: `2026-0${place + 2}-01`,
        usageByMonth: { [month]: `${used}00` },
      }
    }),
  )

/** What the commitment has earned by a day in the running cycle, by month. */
function accrued(terms: ContractTerms, billedCycles: BilledCycle[], lastDay: string) {
  const boundary = billedCycles.length + 1
  const input = closing(terms, boundary, { sealed: sealed(boundary, []), billedCycles })
  const earned = earnedOf({
    contract: input.contract,
    ...unbilledOf(input),
    recognitionOf: new Map([['calls', 'usage']]),
    planned: [],
    lastDay,
    timezone: 'UTC',
  })
  return earned.map(({ boundary: at, accruedFor, portions }) => [
    at,
    accruedFor,
    Object.fromEntries(portions.map(({ key, amount }) => [key, amount])),
  ])
}

describe('a commitment whose window goes on', () => {
  it('is accrued for its last boundary, month by month', () => {
    expect(accrued(halfYear(), billed([40]), '2026-01-31')).toEqual([[6, 'commitment', { '2026-01': 6000n }]])
    // 40 and 130: 170 of 200.
    expect(accrued(halfYear(), billed([40, 130]), '2026-02-28')).toEqual([
      [6, 'commitment', { '2026-01': 6000n, '2026-02': -3000n }],
    ])
    expect(accrued(halfYear(), billed([40, 700]), '2026-02-28')).toEqual([
      [6, 'commitment', { '2026-01': 6000n, '2026-02': -6000n }],
    ])
    // 230 of 200.
    expect(accrued(halfYear(), billed([100, 130]), '2026-02-28')).toEqual([[6, 'commitment', {}]])
  })

  it('is accrued net of percents, also where usage has filled it in the end', () => {
    const terms = halfYear({}, { discounts: [OFF as NonNullable<ContractTerms['discounts']>[number]] })
    expect(accrued(terms, billed([40], 80), '2026-01-31')).toEqual([[6, 'commitment', { '2026-01': 4800n }]])
    expect(accrued(terms, billed([40, 700], 80), '2026-02-28')).toEqual([
      [6, 'commitment', { '2026-01': 4800n, '2026-02': -4800n }],
    ])
  })

  it('of a quantity counts the usage of its product alone', () => {
    const terms = halfYear(
      { amount: '0', quantity: '600' },
      {
        products: [sold('calls', unit('1')), sold('seats', flat('90'))],
      },
    )
    expect(accrued(terms, billed([40]), '2026-01-31')).toContainEqual([6, 'commitment', { '2026-01': 6000n }])
  })

  it('that was amended is accrued for the boundary that it is settled at', () => {
    const commitments = [committed(), committed({ amount: '0', true_up: false, start_date: '2026-04-01' })]
    // Settled at the end of March, for 90 of 181 days: 298.34 for three months, 99.45 of them January's.
    expect(accrued(halfYear({}, { commitments }), billed([40]), '2026-01-31')).toEqual([
      [3, 'commitment', { '2026-01': 5945n }],
    ])
  })
})

describe('the line at the end of the window', () => {
  const last = (calls: readonly number[], used: string, boundary = 6, cycles = billed(calls)) => {
    const input = { sealed: sealed(boundary, [usage('calls', { '2026-06': used })]), billedCycles: cycles }
    const { invoices } = planCycleClose(closing(halfYear(), boundary, input))
    const lines = invoices.flatMap((invoice) => invoice.lines).filter(({ kind }) => kind === 'true_up')
    return lines.map(({ amount, usageByMonth }) => [amount, usageByMonth])
  }

  it('has the months that were accrued', () => {
    expect(last([40, 130, 100, 100, 100], '50')).toEqual([
      [8000n, { '2026-01': '6000', '2026-02': '-3000', '2026-06': '5000' }],
    ])
  })

  it('is one of nothing where later months have filled earlier ones, and none where each month did', () => {
    expect(last([40, 700, 0, 0, 0], '0')).toEqual([[0n, { '2026-01': '6000', '2026-02': '-6000' }]])
    expect(last([100, 100, 100, 100, 100], '100')).toEqual([])
  })

  it('is corrected in the months of late usage, and not again', () => {
    const before = billed([40, 130, 100, 100, 100, 50])
    const trueUp = {
      kind: 'true_up' as const,
      productRef: 'calls',
      serviceCycleNo: 6,
      amount: 8000n,
      usageByMonth: { '2026-01': '6000', '2026-02': '-3000', '2026-06': '5000' },
    }
    const late = { kind: 'usage_adjustment' as const, productRef: 'calls', serviceCycleNo: 1, amount: 2000n }
    const days = { serviceStart: '2026-01-01', serviceEnd: '2026-02-01', usageByMonth: { '2026-01': '2000' } }
    // 60 in January: 40 missing, then 10 by the end of February, and 60 in the end.
    const cycles = withLines(before, [trueUp, { ...late, ...days }])
    const input = { sealed: null, billedCycles: cycles }
    const { owedCredits, invoices } = planCycleClose(closing(halfYear(), 7, input))
    expect([owedCredits.map(({ amount }) => amount), invoices]).toEqual([['2000'], []])
    const corrected = { ...trueUp, amount: -2000n, usageByMonth: { '2026-01': '-2000' } }
    const again = { sealed: null, billedCycles: withLines(cycles, [corrected]) }
    expect(planCycleClose(closing(halfYear(), 7, again))).toMatchObject({ owedCredits: [], invoices: [] })
  })
})

it('lines of a commitment settle its accrual, and lines of usage theirs', () => {
  const known = (accruedFor: KnownAccrual['accruedFor']): KnownAccrual => ({
    lineId: accruedFor,
    contractRef: 'acme-2026',
    productRef: 'calls',
    accruedFor,
    boundary: 6,
    accrual: 'open',
    portions: [],
    timezone: 'UTC',
  })
  const settled = (accruedFor: KnownAccrual['accruedFor']) =>
    billedBy(
      [{ contractRef: 'acme-2026', productRef: 'calls', accruedFor, cycleNo: 2 }],
      [known('service'), known('commitment')],
    ).map(({ lineId }) => lineId)
  expect([settled('service'), settled('commitment')]).toEqual([['service'], ['commitment']])
})
