import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CreditGrant } from '../../../src/credits/grant.ts'
import { type GrantState, owedOf, untouched } from '../../../src/credits/movement.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledOf } from '../../../src/invoicing/cycle/unbilled.ts'
import { usesOf } from '../../../src/invoicing/cycle/unbilled-in-order.ts'
import { sum } from '../../../src/kernel/money.ts'
import { lastDayOf } from '../../../src/ledger/accounting-period.ts'
import { earnedOf } from '../../../src/revenue/accrual/earned.ts'
import { grantOf, paidGrant } from '../../credits/grants.ts'
import { closing, flat, sealed, unit, usage } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const MONTHS = ['2026-01', '2026-02', '2026-03']
const PRODUCTS = ['calls', 'storage']
/** Units at 1.00 of each product in each month. */
type Used = Record<string, number[]>
type Billing = 'MONTHLY' | 'QUARTERLY'

const terms = (cycle: Billing, tax: string, more: ReturnType<typeof sold>[] = []) =>
  termsOf([...PRODUCTS.map((ref) => sold(ref, unit('1.00'))), ...more], {
    start_date: '2026-01-01',
    billing_cycle: { unit: cycle, cycle: 1 },
    tax_percent: tax,
  })

/** The usage of some months, as the meter tells it of a cycle. */
const usedIn = (used: Used, months: readonly string[], cycleNo: number) =>
  sealed(
    cycleNo,
    PRODUCTS.map((ref) =>
      usage(
        ref,
        Object.fromEntries(months.map((month) => [month, String(used[ref]![MONTHS.indexOf(month)]!)])),
      ),
    ),
  )

/** Revenue of each month when a month is over, of a quarter that is billed at its end. */
function accrued(used: Used, wallet: GrantState[], tax: string, upTo: number): bigint[] {
  const months = MONTHS.slice(0, upTo)
  const input = closing(terms('QUARTERLY', tax), 1, { wallet, sealed: usedIn(used, months, 1) })
  const earned = earnedOf({
    contract: input.contract,
    unbilled: unbilledOf(input).unbilled,
    recognitionOf: new Map(PRODUCTS.map((ref) => [ref, 'usage' as const])),
    planned: [],
    lastDay: lastDayOf(months.at(-1)!),
    timezone: 'UTC',
  }).flatMap(({ portions }) => portions)
  return months.map((month) =>
    sum(earned.filter(({ date }) => date === lastDayOf(month)).map(({ amount }) => amount)),
  )
}

/** The same where each month has an invoice: what its lines net, as credit prices them. */
function billed(used: Used, wallet: GrantState[], tax: string, upTo: number): bigint[] {
  let left = wallet
  return MONTHS.slice(0, upTo).map((month, place) => {
    const input = closing(terms('MONTHLY', tax), place + 1, {
      wallet: left,
      sealed: usedIn(used, [month], place + 1),
    })
    const plan = planCycleClose(input)
    left = plan.wallet
    const parts = plan.burnt.flatMap((one) => one.parts)
    return sum([
      ...plan.invoices.flatMap(({ lines }) => lines.map(({ netAmount }) => netAmount)),
      ...parts.map(({ amount }) => amount),
    ])
  })
}

/** Amounts that tax of 10 % leaves whole. */
const anyGrant = fc
  .record({
    dimes: fc.integer({ min: 1, max: 600 }),
    cost: fc.integer({ min: 0, max: 100 }),
    beforeTax: fc.boolean(),
    expected: fc.option(fc.integer({ min: 20, max: 100 })),
    priority: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ dimes, cost, expected, ...more }): Partial<CreditGrant> => {
    const amount = BigInt(dimes) * 10n
    const costBasis = (amount * BigInt(cost)) / 100n
    if (costBasis === 0n) return { ...more, amount }
    const expectedUse = expected === null ? null : (amount * BigInt(expected) + 99n) / 100n
    return { ...more, amount, kind: 'paid', costBasis, expectedUse }
  })
const anyWallet = fc
  .array(anyGrant, { maxLength: 4 })
  .map((grants) =>
    grants.map((more, place) =>
      untouched(
        more.kind === 'paid'
          ? paidGrant({ ...more, ref: `g${place}` })
          : grantOf({ ...more, ref: `g${place}` }),
      ),
    ),
  )
const anyMonths = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 3 })
const anyUse = fc.record({ calls: anyMonths, storage: anyMonths })
const anyTax = fc.constantFrom('0', '10')

describe('credit, at the end of each month', () => {
  it('lowers what is accrued of a fee that follows a plan, though the plan has the fee', () => {
    // 90.00 in arrears for the quarter, paid by 90.00 of credit at 45.00: 45.00 less over 90 days, 31 of them in January.
    const fee = [sold('support', flat('90.00', 'in_arrears'))]
    const wallet = [untouched(paidGrant({ amount: 9_000n, costBasis: 4_500n }))]
    const nothing = { calls: [0, 0, 0], storage: [0, 0, 0] }
    const input = closing(terms('QUARTERLY', '0', fee), 1, { wallet, sealed: usedIn(nothing, MONTHS, 1) })
    const earning = {
      contract: input.contract,
      unbilled: unbilledOf(input).unbilled,
      recognitionOf: new Map([['support', 'daily' as const]]),
      lastDay: '2026-01-31',
      timezone: 'UTC',
    }
    const amountsOf = (planned: string[]) =>
      earnedOf({ ...earning, planned }).flatMap(({ portions }) => portions.map(({ amount }) => amount))
    expect(amountsOf(['support'])).toEqual([-1_550n])
    expect(amountsOf([])).toEqual([1_550n])
  })

  it('has earned as much as if every month had its invoice', () => {
    fc.assert(
      fc.property(anyUse, anyWallet, anyTax, fc.integer({ min: 1, max: 3 }), (used, wallet, tax, upTo) => {
        const [ours, theirs] = [accrued(used, wallet, tax, upTo), billed(used, wallet, tax, upTo)]
        expect(sum(ours)).toBe(sum(theirs))
      }),
    )
  })

  it('after tax it has earned it in the same months, to the cent that each grant may round', () => {
    const afterTax = anyWallet.map((wallet) =>
      wallet.map((state) => ({ ...state, grant: { ...state.grant, beforeTax: false, expectedUse: null } })),
    )
    fc.assert(
      fc.property(anyUse, afterTax, anyTax, fc.integer({ min: 1, max: 3 }), (used, wallet, tax, upTo) => {
        const [ours, theirs] = [accrued(used, wallet, tax, upTo), billed(used, wallet, tax, upTo)]
        for (const [place, amount] of ours.entries()) {
          const difference = amount - theirs[place]!
          expect(difference < 0n ? -difference : difference).toBeLessThanOrEqual(BigInt(2 * wallet.length))
        }
      }),
    )
  })

  it('revenue and what is owed for credit come to what was paid for it, and what is due besides', () => {
    const restricted = fc
      .tuple(anyWallet, fc.option(fc.subarray(['calls', 'storage', 'seats', 'support'], { minLength: 1 })))
      .map(([wallet, productRefs]) =>
        wallet.map((state, place) =>
          place === 0 ? { ...state, grant: { ...state.grant, productRefs } } : state,
        ),
      )
    const fees = [sold('seats', flat('12.30')), sold('support', flat('7.77', 'in_arrears'))]
    fc.assert(
      fc.property(anyUse, restricted, fc.constantFrom('0', '8', '19'), (used, wallet, tax) => {
        const input = closing(terms('QUARTERLY', tax, fees), 1, { wallet, sealed: usedIn(used, MONTHS, 1) })
        const { invoices, burnt, wallet: left } = planCycleClose(input)
        const parts = burnt.flatMap((one) => one.parts)
        const lines = invoices.flatMap((invoice) => invoice.lines)
        const revenue = sum([
          ...lines.map(({ netAmount }) => netAmount),
          ...parts.map(({ amount }) => amount),
        ])
        const due = sum(
          invoices.map(({ total, creditsAmount, totalTax }) => total - creditsAmount - totalTax),
        )
        const bought = sum(wallet.map(({ grant }) => grant.costBasis))
        const owed = sum(left.map(owedOf))
        expect(revenue + owed).toBe(bought + due)
        expect(owed).toBeGreaterThanOrEqual(0n)
        expect(revenue - due).toBeLessThanOrEqual(bought)
        for (const { amount, usageByMonth } of parts) {
          const months = Object.values(usageByMonth).map(BigInt)
          if (months.length > 0) expect(sum(months)).toBe(amount)
        }
        // What an accrual counts on is what the invoice uses.
        const counted = usesOf('acme-2026', unbilledOf(input))
        for (const { grantRef, amount } of counted) {
          expect(left.find(({ grant }) => grant.ref === grantRef)!.burnt).toBe(amount)
        }
      }),
    )
  })
})
