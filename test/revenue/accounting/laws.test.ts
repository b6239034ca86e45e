import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../../src/kernel/calendar.ts'
import { sum } from '../../../src/kernel/money.ts'
import type { AccountingContract } from '../../../src/revenue/accounting/accounting-contract.ts'
import { billingPlan } from '../../../src/revenue/accounting/contract-view.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { entriesToPlan, type Posted } from '../../../src/revenue/accounting/schedule-of.ts'
import { presentPosition } from '../../../src/revenue/deal/position.ts'
import { accountingContract, fact } from './contracts.ts'
import {
  amended,
  BOOK,
  build,
  contracts,
  laterVersion,
  month,
  PRODUCTS,
  signedTerms,
  statements,
} from './generated.ts'

const RUNS = { numRuns: 30 }
const THE_END = '2199-12-31'
const DAY = 86_400_000

const planned = (contract: AccountingContract) => planContract(contract, 'ASC606')
const earned = (portions: readonly { date: string; amount: bigint }[], through: string) =>
  sum(portions.filter(({ date }) => date <= through).map((portion) => portion.amount))

describe('laws of an accounting contract', () => {
  it('5: what is allocated is the transaction price, after every version', () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const { plan } = planned(contract)
        expect(sum([...plan.allocation.values()])).toBe(plan.price.total)
        for (const version of plan.versions) expect(sum([...version.allocation.values()])).toBe(version.price)
      }),
      RUNS,
    )
  })

  it('6: an obligation never earns more than its part, and all of it when it is satisfied', () => {
    fc.assert(
      fc.property(signedTerms, (signed) => {
        const all = ['a', 'b'].map((milestone, place) =>
          fact(`2026-0${place + 3}-15`, {
            kind: 'delivery',
            delivery_ref: milestone,
            product_ref: 'rollout',
            milestone,
          }),
        )
        for (const { allocated, portions } of planned(build(signed, undefined, all)).obligations) {
          expect(portions.every((portion) => portion.amount > 0n)).toBe(true)
          expect(earned(portions, THE_END)).toBe(allocated)
        }
      }),
      RUNS,
    )
  })

  it('7: recognised and position are what was billed, and the presented sides are the position', () => {
    fc.assert(
      fc.property(contracts, month(1, 12), (contract, date) => {
        const recognised = earned(planned(contract).plan.portions, date)
        const net = earned(billingPlan(contract), date) - recognised
        const { contractLiability, contractAsset, unbilledReceivable } = presentPosition(net, 0n)
        expect(contractLiability - contractAsset - unbilledReceivable).toBe(net)
      }),
      RUNS,
    )
  })

  it('7: a price without variable amounts is what the terms bill', () => {
    fc.assert(
      fc.property(signedTerms, fc.option(laterVersion, { nil: undefined }), (signed, later) => {
        const contract = build(signed, later, [])
        const { plan } = planned(contract)
        expect(plan.versions.at(-1)?.price ?? plan.price.total).toBe(earned(billingPlan(contract), THE_END))
      }),
      RUNS,
    )
  })

  it('8: however runs are cut, they post the same entries', () => {
    fc.assert(
      fc.property(
        contracts,
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 5 }),
        (contract, cuts) => {
          const days = [...cuts, 9_999].sort((a, b) => a - b).map((days) => addDays('2026-01-01', days))
          expect(runOn(contract, days)).toEqual(runOn(contract, [THE_END]))
        },
      ),
      RUNS,
    )
  })

  it('8: what was posted by an earlier plan is made up for, entry by entry', () => {
    fc.assert(
      fc.property(signedTerms, laterVersion, statements, month(1, 12), (signed, later, facts, day) => {
        const before = runOn(build(signed, undefined, []), [day])
        const contract = build(signed, later, facts)
        const after = runOn(contract, [THE_END], before)
        expect(after.slice(0, before.length)).toEqual(before)
        expect(totals(after)).toEqual(totals(runOn(contract, [THE_END])))
      }),
      RUNS,
    )
  })

  it('9: a version changes no revenue before its day', () => {
    fc.assert(
      fc.property(signedTerms, laterVersion, (signed, later) => {
        const before = addDays(later.date, -1)
        const [with_, without] = [later, undefined].map((version) => planned(build(signed, version, [])))
        expect(earned(with_!.plan.portions, before)).toBe(earned(without!.plan.portions, before))
      }),
      RUNS,
    )
  })

  it('10: a version that changes no fee is none', () => {
    fc.assert(
      fc.property(signedTerms, month(2, 11), fc.integer({ min: 1, max: 60 }), (signed, date, days) => {
        const same = { effectiveDate: date, terms: { ...signed, net_terms: days } }
        const contract = accountingContract({ products: PRODUCTS, versions: [signed, same], books: [BOOK] })
        expect(planned(contract).plan.versions).toEqual([])
      }),
      RUNS,
    )
  })

  it('10: seats that are raised and lowered again on one day are as they were', () => {
    fc.assert(
      fc.property(signedTerms, laterVersion, (signed, later) => {
        const up = { effectiveDate: later.date, terms: amended(signed, { ...later, ends: false }) }
        const back = { effectiveDate: later.date, terms: signed }
        const contract = accountingContract({
          products: PRODUCTS,
          versions: [signed, up, back],
          books: [BOOK],
        })
        expect(planned(contract).plan.portions).toEqual(planned(build(signed, undefined, [])).plan.portions)
      }),
      RUNS,
    )
  })

  it('11: what is allocated is what was recognised and what is planned, where nothing waits for a delivery', () => {
    fc.assert(
      fc.property(contracts, month(1, 12), (contract, day) => {
        for (const { key, allocated, portions } of planned(contract).obligations) {
          const later = sum(portions.filter(({ date }) => date > day).map((portion) => portion.amount))
          const waits = allocated - earned(portions, day) - later
          if (key !== 'rollout') expect(waits).toBe(0n)
        }
      }),
      RUNS,
    )
  })
})

type Entry = ReturnType<typeof entriesToPlan>[number]

/** Plans and posts as the runs do, each up to its day; facts that came in between are known to all of them. */
function runOn(
  contract: AccountingContract,
  days: readonly string[],
  before: readonly Entry[] = [],
): Entry[] {
  const rows = planned(contract).obligations.map(({ name, portions }) => ({ lineId: name, portions }))
  const posted: Entry[] = [...before]
  for (const day of days) {
    const due = entriesToPlan(rows, posted as Posted[], 'UTC')
      .filter(({ dueAt }) => dueAt <= Date.parse(day) + DAY)
      .toSorted((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
    posted.push(...due)
  }
  return posted
}

/** Of each obligation and day; entries that take each other back are none. */
function totals(entries: readonly Entry[]): Record<string, bigint> {
  const sums = Object.groupBy(entries, ({ lineId, postingDate }) => `${lineId} ${postingDate}`)
  const amounts = Object.entries(sums).map(
    ([key, own]) => [key, sum(own!.map((entry) => entry.amount))] as const,
  )
  return Object.fromEntries(amounts.filter(([, total]) => total !== 0n))
}
