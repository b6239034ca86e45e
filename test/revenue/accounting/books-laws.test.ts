import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { netByMonth } from '../../../src/invoicing/assembly/net-by-month.ts'
import { difference } from '../../../src/invoicing/charges/usage-adjustment.ts'
import { addDays, addMonths, monthOf } from '../../../src/kernel/calendar.ts'
import { formatMoney, sum } from '../../../src/kernel/money.ts'
import { rollforwardOf } from '../../../src/reports/rollforward.ts'
import type { AccountingContract } from '../../../src/revenue/accounting/accounting-contract.ts'
import { billingPlan } from '../../../src/revenue/accounting/contract-view.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { journalOf } from '../../../src/revenue/deal/journal.ts'
import { presentPosition } from '../../../src/revenue/deal/position.ts'
import { planSchedule } from '../../../src/revenue/line-schedule.ts'
import type { UnscheduledLine } from '../../../src/revenue/recognition.ts'
import { type WaterfallSum, waterfallOf } from '../../../src/revenue/waterfall.ts'
import { accountingContract, fact, fee, product, terms } from './contracts.ts'
import { contracts, month } from './generated.ts'

const RUNS = { numRuns: 30 }
const THE_END = '2199-12-31'

type Dated = { date: string; amount: bigint }
const until = (rows: readonly Dated[], day: string) =>
  sum(rows.filter(({ date }) => date <= day).map(({ amount }) => amount))
const money = (minor: bigint) => formatMoney(minor, 'USD')
const planned = (contract: AccountingContract) => planContract(contract, 'ASC606')

describe('11: the reports of generated contracts', () => {
  it('opening and movements are closing, closing is the ledger, and the opening of what follows', () => {
    fc.assert(
      fc.property(contracts, month(1, 12), fc.integer({ min: 1, max: 12 }), (contract, from, months) => {
        const { portions } = planned(contract).plan
        const dues = billingPlan(contract)
        const rollforward = (first: string, last: string) => {
          const net = (day: string) => until(dues, day) - until(portions, day)
          const before = addDays(first, -1)
          const side = presentPosition(net(last), 0n)
          const movement = {
            ...{ entityRef: 'seller', currency: 'USD', opening: net(before), other: 0n },
            billed: until(dues, last) - until(dues, before),
            recognised: until(portions, last) - until(portions, before),
            ...{ liability: side.contractLiability, unbilled: side.contractAsset + side.unbilledReceivable },
          }
          return rollforwardOf([movement], new Map([['USD', booked(contract, last)]]))
        }
        const next = addMonths(from, months)
        const report = rollforward(from, addDays(next, -1))
        expect(report.tied).toBe(true)
        const [{ closing, contract_liability: liability, unbilled }] = report.rows as [
          (typeof report.rows)[0],
        ]
        expect([money(0n), closing]).toContain(liability)
        expect([money(0n), closing.replace('-', '')]).toContain(unbilled)
        expect(rollforward(next, addMonths(next, 1)).rows[0]!.opening).toBe(closing)
      }),
      RUNS,
    )
  })

  it('rows and columns of the waterfall are the revenue, and what is not in it yet is the price that remains', () => {
    fc.assert(
      fc.property(contracts, month(1, 12), (contract, day) => {
        const { plan, obligations } = planned(contract)
        const cells = obligations.flatMap(({ bookedOn, portions }) =>
          portions.map(({ date, amount }): WaterfallSum => {
            const split = date <= day ? [amount, 0n] : [0n, amount]
            const place = { currency: 'USD', bookingMonth: monthOf(bookedOn), month: monthOf(date) }
            return { ...place, recognised: split[0]!, scheduled: split[1]! }
          }),
        )
        const { rows, totals } = waterfallOf(cells)
        const all = (of: readonly { recognised: string; scheduled: string }[]) =>
          sum(of.map((cell) => cents(cell.recognised) + cents(cell.scheduled)))
        expect(all(rows)).toBe(until(plan.portions, THE_END))
        expect(all(totals.flatMap(({ months }) => months))).toBe(until(plan.portions, THE_END))
        for (const { month: name, recognised, scheduled } of totals.flatMap(({ months }) => months)) {
          const own = plan.portions.filter(({ date }) => monthOf(date) === name)
          expect(cents(recognised) + cents(scheduled)).toBe(until(own, THE_END))
        }
        const remaining = sum(obligations.map((own) => own.allocated - until(own.portions, day)))
        const price = plan.versions.at(-1)?.price ?? plan.price.total
        expect(remaining).toBe(price - until(plan.portions, day))
      }),
      RUNS,
    )
  })
})

describe('12: units that are sold in advance', () => {
  const use = fc.array(fc.record({ date: month(1, 12), units: fc.integer({ min: 1, max: 60 }) }), {
    maxLength: 6,
  })

  it('are used, expired or left; revenue is never more than was paid, and what is owed never below nothing', () => {
    fc.assert(
      fc.property(use, fc.bigInt(1n, 1_000_000n), fc.integer({ min: 1, max: 200 }), (uses, paid, bought) => {
        const contract = ofUnits(uses, paid, bought)
        const { portions } = planned(contract).plan
        for (const day of ['2025-12-31', ...uses.map(({ date }) => date)]) {
          const used = usedBy(uses, day, bought)
          // Half up, in whole numbers: round(paid × used ÷ bought).
          const earned = (2n * paid * BigInt(used) + BigInt(bought)) / (2n * BigInt(bought))
          expect(until(portions, day)).toBe(earned)
          expect(until(billingPlan(contract), day) - until(portions, day)).toBeGreaterThanOrEqual(0n)
        }
        const expired = sum(portions.filter(({ date }) => date === '2027-01-01').map(({ amount }) => amount))
        expect(until(portions, '2026-12-31') + expired).toBe(paid)
        if (usedBy(uses, THE_END, bought) === bought) expect(expired).toBe(0n)
      }),
      RUNS,
    )
  })
})

describe('13: use', () => {
  it('is revenue by what was delivered, in whatever order it is told of', () => {
    const use = fc.uniqueArray(fc.record({ date: month(1, 12), units: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 2,
      maxLength: 6,
      selector: ({ date }) => date,
    })
    fc.assert(
      fc.property(use, fc.infiniteStream(fc.nat()), (uses, ranks) => {
        const ranked = uses.map((one) => ({ one, rank: ranks.next().value as number }))
        const shuffled = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one)
        expect(planned(ofUnits(shuffled, 12_345n, 100)).plan.portions).toEqual(
          planned(ofUnits(uses, 12_345n, 100)).plan.portions,
        )
      }),
      RUNS,
    )
  })

  const MONTHS = ['2026-01', '2026-02', '2026-03']
  const rated = fc.array(fc.bigInt(0n, 1_000_000n), { minLength: 3, maxLength: 3 })

  it.each([
    { name: 'at its price', percentOff: 0n },
    { name: 'less a discount', percentOff: 17n },
  ])('and its late corrections are together what was rated last, month by month, $name', ({ percentOff }) => {
    fc.assert(
      fc.property(fc.array(rated, { minLength: 1, maxLength: 5 }), (ratings) => {
        const lines = billedLines(ratings, percentOff)
        const plans = lines.map((line) => planSchedule(line, 0))
        const again = [...lines].reverse().map((line) => planSchedule(line, 0))
        const ids = (of: typeof plans) => of.flatMap(({ entries }) => entries.map(({ id }) => id)).sort()
        expect(ids(again)).toEqual(ids(plans))
        const entries = plans.flatMap((plan) => plan.entries)
        expect(sum(entries.map(({ amount }) => amount))).toBe(sum(lines.map(({ amount }) => amount)))
        for (const [place, name] of MONTHS.entries()) {
          const revenue = sum(entries.filter((own) => own.month === name).map(({ amount }) => amount))
          const exact = ratings.at(-1)![place]! * (100n - percentOff)
          const off = revenue * 100n - exact
          // Each line rounds its net once, and the parts of it once more.
          const most = percentOff === 0n ? 0n : 200n * BigInt(lines.length)
          expect(off <= most && off >= -most).toBe(true)
        }
      }),
      RUNS,
    )
  })

  /** The lines of a cycle whose usage was rated again and again, as recognition reads them. */
  function billedLines(ratings: readonly bigint[][], percentOff: bigint): UnscheduledLine[] {
    let before: Record<string, bigint> = {}
    const gross = ratings.map((parts) => {
      const byMonth = Object.fromEntries(parts.map((part, place) => [MONTHS[place]!, part]))
      const moved = difference(byMonth, before)
      before = byMonth
      const amount = sum(Object.values(moved))
      const usageByMonth = Object.fromEntries(
        Object.entries(moved).map(([name, part]) => [name, String(part)]),
      )
      return { amount, netAmount: netOf(amount, percentOff), usageByMonth }
    })
    const sold = {
      amount: sum(gross.map(({ amount }) => magnitude(amount))),
      netAmount: sum(gross.map(({ netAmount }) => magnitude(netAmount))),
    }
    return gross.map((line, place) => ({
      ...{ lineId: `line-${place}`, invoiceId: 'inv', entityRef: 'seller', customerRef: 'buyer' },
      ...{ contractRef: 'deal', productRef: 'calls', currency: 'USD', method: 'usage', timezone: 'UTC' },
      ...{ serviceStart: '2026-01-01', serviceEnd: '2026-04-01' },
      amount: line.netAmount,
      usageByMonth: netByMonth(line, sold),
    }))
  }
})

const magnitude = (minor: bigint): bigint => (minor < 0n ? -minor : minor)

/** Half away from zero. */
const netOf = (amount: bigint, percentOff: bigint): bigint => {
  const hundredths = amount * (100n - percentOff)
  return hundredths < 0n ? -((-hundredths + 50n) / 100n) : (hundredths + 50n) / 100n
}

/** What the journal of the contract has on its position, in credit. */
function booked(contract: AccountingContract, day: string): bigint {
  const billings = billingPlan(contract).map((due) => ({ ...due, isCancellable: false }))
  const entries = journalOf(planned(contract).plan, billings).filter(({ date }) => date <= day)
  const own = entries.flatMap(({ postings }) =>
    postings.filter(({ account }) => account === 'contract_position'),
  )
  return -sum(own.map(({ amount }) => amount))
}

type Use = { date: string; units: number }

const usedBy = (uses: readonly Use[], day: string, bought: number): number =>
  Math.min(
    bought,
    uses.filter(({ date }) => date <= day).reduce((units, one) => units + one.units, 0),
  )

/** Units for 2026, paid in advance; what is unused at its end expires. */
const ofUnits = (uses: readonly Use[], paid: bigint, bought: number) =>
  accountingContract({
    products: [product('hours', 'units', { total_units: String(bought) })],
    versions: [terms([fee('hours', money(paid))], { billing_cycle: { unit: 'YEARLY', cycle: 1 } })],
    facts: uses.map(({ date, units }, place) =>
      fact(date, {
        ...{ kind: 'delivery', delivery_ref: `${date}-${place}`, product_ref: 'hours' },
        quantity: String(units),
      }),
    ),
  })

const cents = (text: string): bigint => BigInt(text.replace('.', ''))
