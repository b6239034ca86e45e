import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import { planDeal, revenueThrough } from '../../../src/revenue/deal/deal.ts'
import { policyOf } from '../../../src/revenue/policy.ts'
import { heldBack } from '../../../src/revenue/recognition/held-back.ts'
import type { Portion } from '../../../src/revenue/recognition/line.ts'
import { isUnmetOn } from '../../../src/revenue/transaction-price/contract-criteria.ts'
import { amendments, dealOf, money, obligations } from '../deal/deals.ts'
import { spans } from './spans.ts'

const portion = (date: string, amount: bigint, cause: Portion['cause'] = 'performance'): Portion => ({
  date,
  key: 'seats',
  amount,
  cause,
})
const monthly = ['01', '02', '03', '04'].map((month) => portion(`2026-${month}-28`, 1000n))
const rows = (portions: readonly Portion[]) => portions.map(({ date, amount }) => [date.slice(5), amount])

describe('what is held back', () => {
  it.each([
    {
      case: 'is caught up on the day on which the criteria are met',
      unmet: [{ from: '2026-01-01', until: '2026-04-01' }],
      gives: [
        ['04-01', 3000n],
        ['04-28', 1000n],
      ],
    },
    { case: 'waits while they are not', unmet: [{ from: '2026-01-01' }], gives: [] },
    {
      case: 'is not what was revenue before',
      unmet: [{ from: '2026-03-01' }],
      gives: [
        ['01-28', 1000n],
        ['02-28', 1000n],
      ],
    },
    {
      case: 'begins with the first day and ends before the last',
      unmet: [{ from: '2026-02-28', until: '2026-03-28' }],
      gives: [
        ['01-28', 1000n],
        ['03-28', 1000n],
        ['03-28', 1000n],
        ['04-28', 1000n],
      ],
    },
    {
      case: 'is released once for each span',
      unmet: [{ from: '2026-01-01', until: '2026-02-01' }, { from: '2026-04-01' }],
      gives: [
        ['02-01', 1000n],
        ['02-28', 1000n],
        ['03-28', 1000n],
      ],
    },
  ])('$case', ({ unmet, gives }) => {
    expect(rows(heldBack(monthly, unmet))).toEqual(gives)
  })

  it('is a catch-up', () => {
    const [first] = heldBack(monthly, [{ from: '2026-01-01', until: '2026-04-01' }])
    expect(first).toEqual(portion('2026-04-01', 3000n, 'catch_up'))
  })

  it('is lowered by what is taken back, and what was revenue only by what is beyond that', () => {
    const taken = [monthly[0]!, monthly[1]!, portion('2026-03-01', -1500n, 'catch_up')]
    const unmet = [{ from: '2026-02-01', until: '2026-04-01' }]
    expect(rows(heldBack(taken, unmet))).toEqual([
      ['01-28', 1000n],
      ['03-01', -500n],
    ])
  })

  it('is the mirror image of a line below zero', () => {
    const mirrored = monthly.map((one) => ({ ...one, amount: -one.amount }))
    expect(rows(heldBack(mirrored, [{ from: '2026-01-01', until: '2026-04-01' }]))).toEqual([
      ['04-01', -3000n],
      ['04-28', -1000n],
    ])
  })
})

describe('laws of days without a contract', () => {
  const policy = policyOf('ASC606')
  const plans = fc
    .record({ price: money(), promised: obligations, changes: amendments, unmet: spans })
    .map(({ price, promised, changes, unmet }) => {
      const { portions } = planDeal(dealOf(price, promised, changes), policy)
      return { unmet, natural: portions, held: heldBack(portions, unmet) }
    })
  const eachKey = (natural: readonly Portion[]) => [...new Set(natural.map(({ key }) => key))]
  const of = (key: string, portions: readonly Portion[]) => portions.filter((one) => one.key === key)

  it('nothing becomes revenue on them; what is taken back may lower it', () => {
    fc.assert(
      fc.property(plans, ({ unmet, natural, held }) => {
        for (const key of eachKey(natural)) {
          const isNegative = sum(of(key, natural).map(({ amount }) => amount)) < 0n
          for (const { date, amount } of of(key, held)) {
            const grows = isNegative ? amount < 0n : amount > 0n
            expect(grows && isUnmetOn(unmet, date)).toBe(false)
          }
        }
      }),
    )
  })

  it('before and after them revenue up to any day is what it would be without the judgement', () => {
    fc.assert(
      fc.property(plans, ({ unmet, natural, held }) => {
        const dates = [...natural, ...held].map(({ date }) => date)
        for (const key of eachKey(natural)) {
          for (const date of dates.filter((one) => !isUnmetOn(unmet, one)))
            expect(revenueThrough(of(key, held), date)).toBe(revenueThrough(of(key, natural), date))
        }
      }),
    )
  })

  it('it is never more than without the judgement, for a price above zero', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10_000_000n), obligations, spans, (price, promised, unmet) => {
        const { portions } = planDeal(dealOf(price, promised), policy)
        const held = heldBack(portions, unmet)
        for (const { date } of held)
          expect(revenueThrough(held, date) <= revenueThrough(portions, date)).toBe(true)
      }),
    )
  })
})
