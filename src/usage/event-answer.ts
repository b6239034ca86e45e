import { toIso } from '../kernel/calendar.ts'
import { conflict, invalid, type Problem } from '../kernel/problem.ts'
import type { Period } from './period.ts'
import type { UsageEvent } from './usage-event.ts'
import type { CycleTotal, Refusal, Verdict } from './verdict.ts'

/** What became of a single event, as its sender is told. Throws the Problem that a refusal is. */
export function eventAnswerOf(
  event: UsageEvent,
  { eventRef, verdict, shown }: { eventRef: string; verdict: Verdict; shown: CycleTotal },
) {
  if ('code' in verdict) throw refusal(verdict)
  return {
    event_ref: eventRef,
    event_id: event.eventId,
    outcome: verdict.outcome,
    cycle: shown.cycle && isoPeriod(shown.cycle),
    cycle_total: shown.cycleTotal,
  }
}

/** A refusal as the Problem that a call is answered with. */
export const refusal = ({ outcome, code, detail, path }: Refusal): Problem =>
  outcome === 'conflict' ? conflict(code, detail) : invalid(code, detail, [{ path, message: detail }])

export const isoPeriod = ({ start, end }: Period) => ({ start: toIso(start), end: toIso(end) })
