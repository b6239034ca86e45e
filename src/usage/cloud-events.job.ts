import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'
import { recordBatch } from './batch.job.ts'
import { inItsWords, readCloudEvent } from './cloud-event.http.ts'
import { eventAnswerOf } from './event-answer.ts'
import type { BatchAnswer, BatchResult } from './ingest.http.ts'
import { recordEvent } from './ingest.job.ts'
import { readEvent } from './read-event.http.ts'

/** Records a CloudEvent as the usage event that it says, and answers as for that. */
export async function recordCloudEvent(env: Env, value: unknown, now: Instant) {
  const raw = readCloudEvent(value, now)
  try {
    const event = readEvent(raw, now)
    return { ...raw, ...eventAnswerOf(event, await recordEvent(env, event, now)) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { status, code, message, faults, headers } = error
    throw new Problem(status, code, message, { faults: faults.map(inItsWords), headers, cause: error })
  }
}

/** Records a batch of CloudEvents by the same way as any batch; what is none is refused at its place. */
export async function recordCloudEvents(
  env: Env,
  values: readonly unknown[],
  now: Instant,
): Promise<BatchAnswer> {
  const readings = values.map((value) => read(value, now))
  const good = readings.filter((reading) => 'value' in reading)
  const answer = await recordBatch(env, good, now)
  let next = 0
  const results = readings.map(
    (reading, index): BatchResult =>
      'value' in reading ? inWords(answer.results[next++]!, index) : { ...reading, index },
  )
  return { ...answer, rejected: answer.rejected + values.length - good.length, results }
}

function read(value: unknown, now: Instant): { value: unknown } | Omit<BatchResult, 'index'> {
  try {
    return { value: readCloudEvent(value, now) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, message: detail, faults } = error
    return {
      outcome: 'rejected',
      event_ref: null,
      event_id: null,
      error: { code, detail, errors: [...faults] },
    }
  }
}

const inWords = (result: BatchResult, index: number): BatchResult => ({
  ...result,
  index,
  ...(result.error && { error: { ...result.error, errors: result.error.errors.map(inItsWords) } }),
})
