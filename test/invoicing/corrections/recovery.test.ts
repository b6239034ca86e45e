import { array, assert, bigInt, boolean, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reverseLine } from '../../../src/invoicing/corrections/line-reversal.ts'
import {
  type GivenUp,
  givenUpAgain,
  type Loss,
  recover,
} from '../../../src/invoicing/corrections/recovery.ts'
import { planWriteOff } from '../../../src/invoicing/corrections/write-off.ts'
import { type Minor, sum } from '../../../src/kernel/money.ts'
import { invoiceOf, lineOf, paidBy } from '../documents/issued.ts'

const on = { sourceId: 'alc', bookedFrom: '2026-10-01' }

/** 184.00 of a year's 365.00 were to come when it was written off on 1 July. */
const givenUp = (more: Partial<GivenUp> = {}): GivenUp => ({
  ...reverseLine(
    {
      line: lineOf({ id: 'seats', netAmount: 365_00n }),
      amount: 184_00n,
      serviceStart: '2026-07-01',
      serviceEnd: '2027-01-01',
    },
    [],
    { cause: 'write_off', sourceId: 'inv', invoiceId: 'inv', currency: 'EUR', bookedFrom: '2026-07-01' },
    1,
  ),
  back: 0n,
  endsOn: null,
  ...more,
})

const YEAR: Loss = { amount: 365_00n, total: 365_00n, totalTax: 0n }

describe('money for what was written off', () => {
  it.each([
    // 119.00 with 19.00 of tax that was got back, and 60.00 that were no revenue: half of each.
    {
      case: 'undoes it in proportion',
      loss: { amount: 119_00n, total: 119_00n, totalTax: 19_00n },
      rows: [givenUp({ amount: 60_00n })],
      amount: 59_50n,
      tax: 9_50n,
      back: [-30_00n],
    },
    {
      case: 'brings back service to come',
      loss: YEAR,
      rows: [givenUp()],
      amount: 365_00n,
      tax: 0n,
      back: [-184_00n],
    },
    // What is left of the loss takes what is left of the line: 184.00 − 61.33 of 182.50, half of it.
    {
      case: 'takes what is left of each line',
      loss: { ...YEAR, amount: 182_50n },
      rows: [givenUp({ back: 61_33n })],
      amount: 91_25n,
      tax: 0n,
      back: [-61_34n],
    },
    // 92 of 184 days have a contract.
    {
      case: 'leaves out days after the end of the contract',
      loss: YEAR,
      rows: [givenUp({ endsOn: '2026-10-01' })],
      amount: 365_00n,
      tax: 0n,
      back: [-92_00n],
    },
    {
      case: 'brings nothing back of a contract that had ended, or that ended since more came',
      loss: YEAR,
      rows: [givenUp({ endsOn: '2026-07-01' }), givenUp({ endsOn: '2026-10-01', back: 100_00n })],
      amount: 365_00n,
      tax: 0n,
      back: [],
    },
  ])('$case', ({ loss, rows, amount, tax, back }) => {
    const recovered = recover(loss, rows, amount, on)
    expect(recovered).toMatchObject({ amount, tax })
    expect(recovered.reversals.map((row) => row.amount)).toEqual(back)
    for (const row of recovered.reversals) expect(row).toMatchObject({ cause: 'recovery', ...on })
  })

  it('brings usage back in the month that it was taken of, whenever the contract ends', () => {
    const usage = givenUp({
      amount: 70_00n,
      usageByMonth: { '2026-05': '0', '2026-06': '7000' },
      endsOn: '2026-07-01',
    })
    const [row] = recover({ amount: 70_00n, total: 70_00n, totalTax: 0n }, [usage], 35_00n, on).reversals
    expect(row).toMatchObject({ amount: -35_00n, usageByMonth: { '2026-06': '-3500' } })
  })

  it('is given up again to the cent when a bank takes it back', () => {
    const { reversals } = recover(YEAR, [givenUp({ endsOn: '2026-10-01' })], 100_00n, on)
    const [again] = givenUpAgain(reversals, { sourceId: 'undo', bookedFrom: '2026-10-05' })
    // 92.00 × 100/365 = 25.21
    expect(again).toMatchObject({ amount: 25_21n, sourceId: 'undo', serviceEnd: '2026-10-01' })
    expect(again!.id).not.toBe(reversals[0]!.id)
  })
})

describe('a loss', () => {
  const parts = array(bigInt(1n, 5_000n), { minLength: 1, maxLength: 6 })

  it('that is recovered in any parts is none in the end, line by line', () => {
    const rows = array(bigInt(-2_000n, 2_000n), { minLength: 1, maxLength: 4 })
    assert(
      property(parts, rows, (paid, amounts) => {
        const total = sum(paid)
        const back = amounts.map(() => 0n)
        let amount = total
        for (const part of paid) {
          const left = amounts.map((one, place) =>
            givenUp({ amount: one, back: back[place]!, position: place }),
          )
          for (const row of recover({ amount, total, totalTax: 0n }, left, part, on).reversals) {
            back[row.position]! -= row.amount
          }
          amount -= part
        }
        expect(back).toEqual(amounts)
      }),
    )
  })

  it('is the same whether a part is paid before the write-off or after it, but for roundings', () => {
    const cases = record({ net: bigInt(100n, 50_000n), percent: bigInt(0n, 25n), taxRelief: boolean() })
    assert(
      property(cases, bigInt(1n, 99n), ({ net, percent, taxRelief }, share) => {
        const invoice = invoiceOf([lineOf({ id: 'seats', netAmount: net, tax: (net * percent) / 100n })])
        const paid = (invoice.total * share) / 100n
        const common = {
          invoice,
          reversals: [],
          taxRelief,
          reason: '',
          actor: '',
          now: 1,
          today: '2026-01-17',
        }
        const before = planWriteOff({ ...common, allocations: [paidBy('p', paid)] })
        const whole = planWriteOff({ ...common, allocations: [] })
        const totalTax = taxRelief ? invoice.totalTax : 0n
        const after = recover(
          { amount: invoice.total, total: invoice.total, totalTax },
          whole.reversals.map((row) => ({ ...row, back: 0n, endsOn: null })),
          paid,
          on,
        )
        const taken = sum([...whole.reversals, ...after.reversals].map(({ amount }) => amount))
        expect(isNear(taken, sum(before.reversals.map(({ amount }) => amount)))).toBe(true)
        const tax = before.entries[0]!.postings.find(({ account }) => account === 'tax_payable')?.amount ?? 0n
        expect(isNear(totalTax - after.tax, tax)).toBe(true)
      }),
    )
  })
})

const isNear = (one: Minor, other: Minor): boolean => one - other >= -1n && one - other <= 1n
