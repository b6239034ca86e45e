import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import { rational } from '../../../src/kernel/rational.ts'
import { splitShares } from '../../../src/revenue/allocation/share.ts'
import { monthEnds } from '../../../src/revenue/deal/balances.ts'
import { duesOf } from '../../../src/revenue/deal/billing.ts'
import { planDeal, revenueThrough } from '../../../src/revenue/deal/deal.ts'
import { underContract } from '../../../src/revenue/deal/deposits.ts'
import { journalOf } from '../../../src/revenue/deal/journal.ts'
import type { DealObligation } from '../../../src/revenue/deal/promises.ts'
import type { Amendment } from '../../../src/revenue/modification/amendment.ts'
import { policyOf } from '../../../src/revenue/policy.ts'
import { spans } from '../recognition/spans.ts'
import { amendmentOf, amendments, day, dealOf, judgedBy, money, obligations } from './deals.ts'

const policy = policyOf('ASC606')
const RUNS = { numRuns: 150 }
const THE_END = '2199-12-31'

const paidBillings = fc.array(
  fc.record(
    { date: day(0, 900), amount: money(500_000), paidOn: day(0, 900), isCancellable: fc.boolean() },
    { requiredKeys: ['date', 'amount', 'isCancellable'] },
  ),
  { maxLength: 6 },
)

/** A promise that is open whenever something changes. */
const lastOf = ([first]: readonly DealObligation[]): DealObligation => ({
  ...first!,
  key: 'last',
  measure: { by: 'point_in_time', date: '2029-01-01' },
})

describe('laws of a deal', () => {
  it('what is allocated is the price, to the minor unit, after every change', () => {
    fc.assert(
      fc.property(money(), obligations, amendments, (price, promised, changes) => {
        const plan = planDeal(dealOf(price, promised, changes), policy)
        expect(sum([...plan.allocation.values()])).toBe(price)
        const inOrder = changes.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
        let expected = price
        for (const [place, version] of plan.versions.entries()) {
          const { priceChange, credits } = inOrder[place]!
          expected += priceChange - sum(credits.map(({ amount }) => amount))
          expect(version.price).toBe(expected)
          expect(sum([...version.allocation.values()])).toBe(expected)
        }
      }),
      RUNS,
    )
  })

  it('nothing is left when all is satisfied, for the deal and for each obligation', () => {
    fc.assert(
      fc.property(money(), obligations, amendments, (price, promised, changes) => {
        const plan = planDeal(dealOf(price, promised, changes), policy)
        for (const [key, allocated] of plan.versions.at(-1)?.allocation ?? plan.allocation) {
          const own = plan.portions.filter((portion) => portion.key === key)
          expect(revenueThrough(own, THE_END)).toBe(allocated)
        }
      }),
      RUNS,
    )
  })

  it('revenue of an unchanged obligation only grows, up to what is allocated; negative prices mirror it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10_000_000n }), obligations, (price, promised) => {
        const plan = planDeal(dealOf(price, promised), policy)
        expect(plan.portions.every(({ amount }) => amount > 0n)).toBe(true)
        const mirrored = planDeal(dealOf(-price, promised), policy)
        expect(mirrored.portions).toEqual(plan.portions.map((own) => ({ ...own, amount: -own.amount })))
      }),
      RUNS,
    )
  })

  it('a change of the price mirrors too', () => {
    fc.assert(
      fc.property(money(), money(), day(1, 800), obligations, (price, priceChange, date, promised) => {
        const planned = (sign: bigint) =>
          planDeal(
            dealOf(
              sign * price,
              [...promised, lastOf(promised)],
              [amendmentOf({ date, priceChange: sign * priceChange })],
            ),
            policy,
          ).portions
        expect(planned(-1n)).toEqual(planned(1n).map((own) => ({ ...own, amount: -own.amount })))
      }),
      RUNS,
    )
  })

  it('a cut within the price leaves nobody below zero, nor above what is allocated', () => {
    const cuts = fc
      .bigInt({ min: 1n, max: 10_000_000n })
      .chain((price) => fc.record({ price: fc.constant(price), cut: fc.bigInt({ min: 0n, max: price }) }))
    fc.assert(
      fc.property(cuts, day(1, 800), obligations, fc.boolean(), ({ price, cut }, date, promised, ends) => {
        const change = amendmentOf({ date, priceChange: -cut, removes: ends ? ['last'] : [] })
        const plan = planDeal(dealOf(price, [...promised, lastOf(promised)], [change]), policy)
        for (const [key, allocated] of plan.versions.at(-1)!.allocation) {
          const own = plan.portions.filter((portion) => portion.key === key)
          expect(allocated).toBeGreaterThanOrEqual(0n)
          const sofar = revenueThrough(own, date)
          expect(sofar >= 0n && sofar <= allocated).toBe(true)
        }
      }),
      RUNS,
    )
  })

  it('no modification changes revenue before its date', () => {
    fc.assert(
      fc.property(money(), obligations, amendments, (price, promised, changes) => {
        const first = changes.map(({ date }) => date).sort()[0] ?? '2026-06-01'
        // Months are cut on the day before a change; a credit of nothing cuts the unchanged deal there too.
        const cut = amendmentOf({
          date: first,
          credits: promised.map(({ key }) => ({ keys: [key], amount: 0n, of: 'given' as const })),
        })
        const untilFirst = (list: Amendment[]) =>
          planDeal(dealOf(price, promised, [cut, ...list]), policy).portions.filter(
            ({ date }) => date < first,
          )
        expect(untilFirst(changes)).toEqual(untilFirst([]))
      }),
      RUNS,
    )
  })

  it('an amendment that changes nothing is none, also where it ends a promise and takes it up again', () => {
    fc.assert(
      fc.property(money(), day(1, 800), obligations, (price, date, promised) => {
        const { portions } = planDeal(dealOf(price, promised), policy)
        const [{ key, ssp, measure, isSeries }] = promised as [(typeof promised)[0]]
        if (ssp.is === 'residual') return
        const idle = amendmentOf({ date, removes: [key], adds: [{ key, ssp, measure, isSeries }] })
        expect(planDeal(dealOf(price, promised, [amendmentOf({ date })]), policy).portions).toEqual(portions)
        expect(planDeal(dealOf(price, promised, [idle]), policy).portions).toEqual(portions)
      }),
      RUNS,
    )
  })

  it('recognised and net position are what was billed, however it is presented; the journal says the same', () => {
    fc.assert(
      fc.property(
        money(),
        obligations,
        amendments,
        paidBillings,
        spans,
        (price, promised, changes, bills, unmet) => {
          const deal = { ...dealOf(price, promised, changes), criteria: judgedBy(unmet) }
          const plan = planDeal(deal, policy)
          const ends = monthEnds(plan.portions, duesOf(underContract(bills, unmet)), new Set(['a', 'c']))
          for (const end of ends) {
            expect(end.recognised + end.net).toBe(end.billed)
            expect(end.contractLiability - end.contractAsset - end.unbilledReceivable).toBe(end.net)
            expect(
              [end.contractLiability, end.contractAsset, end.unbilledReceivable].every((n) => n >= 0n),
            ).toBe(true)
          }
          const entries = journalOf(plan, bills)
          expect(entries.every(({ postings }) => sum(postings.map(({ amount }) => amount)) === 0n)).toBe(true)
          const position = entries
            .flatMap((entry) => entry.postings)
            .filter((one) => one.account === 'contract_position')
          expect(-sum(position.map(({ amount }) => amount))).toBe(ends.at(-1)?.net ?? 0n)
        },
      ),
      RUNS,
    )
  })
})

describe('laws of a split', () => {
  it('adds up exactly, and no part is a minor unit off its exact share', () => {
    const weights = fc.array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(money(), weights, (total, parts) => {
        const shares = splitShares(
          total,
          parts.map(([num, den]) => rational(BigInt(num), BigInt(den))),
        )
        expect(sum(shares.map(({ minor }) => minor))).toBe(total)
        for (const { exact, minor } of shares) {
          const off = exact.num - minor * exact.den
          expect(off < exact.den && -off < exact.den).toBe(true)
        }
      }),
    )
  })
})
