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

/**
 * What a contract's plan makes revenue on a day, for each obligation and cause. A plan that changed has posted the
 * difference: only the sum of a day follows from the facts.
 */
export function plannedItems(
  portions: readonly Pick<ScheduleEntry, 'lineId' | 'postingDate' | 'cause' | 'amount'>[],
): Item[] {
  const places = Map.groupBy(
    portions,
    ({ lineId, postingDate, cause }) => `${lineId}:${postingDate}:${cause}`,
  )
  return [...places].flatMap(([id, own]) => {
    const amount = sum(own.map((portion) => portion.amount))
    return amount === 0n ? [] : [{ kind: 'planned_revenue', id, content: { amount: String(amount) } }]
  })
}
