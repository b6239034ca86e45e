import { sum } from '../../kernel/money.ts'
import type { ScheduleEntry } from '../../revenue/recognition.ts'
import type { Item } from './compare.ts'

/** A portion of an invoice line's revenue, to the day. */
export const portionItem = (portion: Omit<ScheduleEntry, 'dueAt'>): Item => ({
  kind: 'revenue_portion',
  id: portion.id,
  content: {
    line_id: portion.lineId,
    month: portion.month,
    posting_date: portion.postingDate,
    cause: portion.cause,
    amount: String(portion.amount),
  },
})

/** What of a schedule is revenue on a day. */
type Standing = Pick<ScheduleEntry, 'lineId' | 'postingDate' | 'cause' | 'amount'>

/**
 * What a contract's plan makes revenue on a day, for each obligation and cause. A plan that changed has posted the
 * difference: only the sum of a day follows from the facts.
 */
export const plannedItems = (portions: readonly Standing[]): Item[] =>
  standingItems('planned_revenue', portions)

/** The sums of portions that stand, by schedule, day and cause. */
export function standingItems(kind: string, portions: readonly Standing[]): Item[] {
  const places = Map.groupBy(
    portions,
    ({ lineId, postingDate, cause }) => `${lineId}:${postingDate}:${cause}`,
  )
  return [...places].flatMap(([id, own]) => {
    const amount = sum(own.map((portion) => portion.amount))
    return amount === 0n ? [] : [{ kind, id, content: { amount: String(amount) } }]
  })
}
