import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'
import type { BatchItem } from './batch.ts'
import { type BatchAnswer, type BatchResult, eventBody } from './ingest.http.ts'
import { recordEvents } from './ingest.job.ts'
import { eventRef, type UsageEvent, usageEvent } from './usage-event.ts'
import type { Receipt } from './verdict.ts'

/** Records the good events of a batch and says of each item what became of it. */
export async function recordBatch(env: Env, items: readonly BatchItem[], now: Instant): Promise<BatchAnswer> {
  const readings = items.map((item) => readItem(item, now))
  const receipts = await recordEvents(env, readings.filter(isEvent), now)
  let next = 0
  const results = readings.map((reading, index) => ({
    index,
    ...(isEvent(reading) ? resultOf(reading, receipts[next++]!) : reading),
  }))
  const count = (...outcomes: BatchResult['outcome'][]): number =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    rejected: count('conflict', 'rejected'),
    results,
  }
}

type Result = Omit<BatchResult, 'index'>

const isEvent = (reading: UsageEvent | Result): reading is UsageEvent => 'contentHash' in reading

function readItem(item: BatchItem, now: Instant): UsageEvent | Result {
  if ('malformed' in item) return refused(null, 'malformed_json', `The line is no JSON: ${item.malformed}`)
  const sent = eventBody.safeParse(item.value)
  if (!sent.success) {
    const errors = sent.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    return refused(
      item.value,
      'invalid_request',
      'The event does not have the form that this call takes.',
      errors,
    )
  }
  try {
    return usageEvent(sent.data, item.value as Record<string, unknown>, now)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused(item.value, error.code, error.message, [...error.faults])
  }
}

/** A refusal before any meter was asked; the id is told where there is a readable one. */
function refused(value: unknown, code: string, detail: string, errors: ErrorList = []): Result {
  const { event_id } = Object(value) as { event_id?: unknown }
  return {
    outcome: 'rejected',
    event_ref: null,
    event_id: typeof event_id === 'string' ? event_id : null,
    error: { code, detail, errors },
  }
}

type ErrorList = { path: string; message: string }[]

function resultOf(event: UsageEvent, receipt: Receipt): Result {
  const named = { outcome: receipt.outcome, event_id: event.eventId }
  if (!('code' in receipt)) return { ...named, event_ref: eventRef(event.customerRef, event.eventId) }
  const { code, detail, path } = receipt
  return { ...named, event_ref: null, error: { code, detail, errors: [{ path, message: detail }] } }
}
