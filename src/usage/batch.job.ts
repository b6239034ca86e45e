import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'
import type { BatchItem } from './batch.ts'
import type { BatchAnswer, BatchResult } from './ingest.http.ts'
import { type Recorded, recordEvents } from './ingest.job.ts'
import { readEvent } from './read-event.http.ts'
import type { UsageEvent } from './usage-event.ts'

/** How the events of a batch are identified: by `key` and their places, or with `isWhole` all by the key alone. */
export type BatchIdentity = { key?: string | undefined; isWhole: boolean }

/** Records the good events of a batch and says of each item what became of it. */
export async function recordBatch(
  env: Env,
  items: readonly BatchItem[],
  now: Instant,
  { key, isWhole }: BatchIdentity = { isWhole: false },
): Promise<BatchAnswer> {
  const readings = items.map((item, index) => readItem(item, now, key && `${key}#${index}`))
  const recorded = await recordEvents(env, readings.filter(isEvent), now, isWhole ? key : undefined)
  const tally = { accepted: 0, duplicates: 0, rejected: 0 }
  let next = 0
  const results = readings.map((reading, index): BatchResult => {
    const result = isEvent(reading) ? resultOf(reading, recorded[next++]!, index) : { index, ...reading }
    if (result.outcome === 'accepted') tally.accepted++
    else if (result.outcome === 'duplicate') tally.duplicates++
    else tally.rejected++
    return result
  })
  return { ...tally, results }
}

type Refused = Omit<BatchResult, 'index'>

const isEvent = (reading: UsageEvent | Refused): reading is UsageEvent => 'body' in reading

function readItem(item: BatchItem, now: Instant, fallbackId: string | undefined): UsageEvent | Refused {
  if ('malformed' in item) return refused(null, 'malformed_json', `The line is no JSON: ${item.malformed}`)
  try {
    return readEvent(item.value, now, fallbackId)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused(item.value, error.code, error.message, [...error.faults])
  }
}

/** A refusal before any meter was asked; the id is told where there is a readable one. */
function refused(value: unknown, code: string, detail: string, errors: ErrorList = []): Refused {
  const { event_id } = Object(value) as { event_id?: unknown }
  return {
    outcome: 'rejected',
    event_ref: null,
    event_id: typeof event_id === 'string' ? event_id : null,
    error: { code, detail, errors },
  }
}

type ErrorList = { path: string; message: string }[]

function resultOf(
  { eventId: event_id }: UsageEvent,
  { eventRef, verdict }: Recorded,
  index: number,
): BatchResult {
  const { outcome } = verdict
  if (!('code' in verdict)) return { index, outcome, event_ref: eventRef, event_id }
  const { code, detail, path } = verdict
  return {
    index,
    outcome,
    event_ref: null,
    event_id,
    error: { code, detail, errors: [{ path, message: detail }] },
  }
}
