import { addDays, monthOf, startOfDay } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Book } from '../../ledger/journal-entry.ts'
import type { Portion } from '../recognition/line.ts'
import type { ScheduleEntry } from '../recognition.ts'
import type { PlannedObligation } from './plan.ts'

/** What was posted of an obligation under a day. */
export type Posted = Pick<ScheduleEntry, 'lineId' | 'postingDate' | 'amount' | 'cause'>

/** The id of an obligation's schedule: the same for the same promise, whoever plans it and however often. */
export const obligationId = (
  book: Book,
  { contractRef, name }: Pick<PlannedObligation, 'contractRef' | 'name'>,
): string => derivedId('obl', book, contractRef, name)

/**
 * What is still to be posted: for each obligation, day and cause the planned amount less what was posted under it. What
 * was posted for a promise or a day that the plan no longer has is taken back. The number of entries that a day has
 * already is part of the id, so that two runs which plan from the same state write the same rows.
 */
export function entriesToPlan(
  planned: readonly { lineId: string; portions: readonly Portion[] }[],
  posted: readonly Posted[],
  timezone: string,
): ScheduleEntry[] {
  const before = Map.groupBy(posted, placeOf)
  const wanted = Map.groupBy(
    planned.flatMap(({ lineId, portions }) =>
      portions.map(({ date, amount, cause }): Posted => ({ lineId, postingDate: date, amount, cause })),
    ),
    placeOf,
  )
  const places = [...new Set([...wanted.keys(), ...before.keys()])].sort()
  return places.flatMap((place) => {
    const [target, done] = [wanted.get(place) ?? [], before.get(place) ?? []]
    const amount = total(target) - total(done)
    if (amount === 0n) return []
    const { lineId, postingDate, cause } = (target[0] ?? done[0])!
    const id = `${lineId}:${postingDate}:${cause}:${done.length}`
    const dueAt = startOfDay(addDays(postingDate, 1), timezone)
    return { id, lineId, month: monthOf(postingDate), postingDate, amount, cause, dueAt }
  })
}

const placeOf = ({ lineId, postingDate, cause }: Posted): string => `${lineId}:${postingDate}:${cause}`
const total = (rows: readonly Posted[]): Minor => sum(rows.map(({ amount }) => amount))

/** By how much another framework's plan differs, as portions: what a second book holds beside the first one. */
export function differenceOf(
  primary: readonly PlannedObligation[],
  secondary: readonly PlannedObligation[],
): PlannedObligation[] {
  const keys = new Map([...primary, ...secondary].map((own) => [own.key, own]))
  return [...keys.values()].map((own) => {
    const [one, other] = [primary, secondary].map((list) => list.find(({ key }) => key === own.key))
    return {
      ...own,
      allocated: (other?.allocated ?? 0n) - (one?.allocated ?? 0n),
      portions: portionsBeyond(one?.portions ?? [], other?.portions ?? []),
    }
  })
}

/** What the portions of one plan have more than those of another, by day and cause. */
export function portionsBeyond(primary: readonly Portion[], secondary: readonly Portion[]): Portion[] {
  const taken = primary.map((portion) => ({ ...portion, amount: -portion.amount }))
  const groups = Map.groupBy([...secondary, ...taken], ({ date, cause }) => `${date} ${cause}`)
  return [...groups.values()]
    .map((group) => ({ ...group[0]!, amount: sum(group.map(({ amount }) => amount)) }))
    .filter(({ amount }) => amount !== 0n)
}
