import type { Entry } from './buffer.ts'
import { pause } from './timers.ts'
import { type Answer, post, type Transport } from './transport.ts'
import type { UsageEvent, UsageProblem, UsageResult } from './usage-event.ts'

export type Delivery = {
  transport: Transport
  backoffMs: number
  backoffMaxMs: number
  retryForMs: number
  onAccepted?: ((results: UsageResult[]) => unknown) | undefined
  onRejected: (events: UsageEvent[], problem: UsageProblem) => unknown
  onRetry?: ((retry: UsageRetry) => unknown) | undefined
  /** Called when nothing more is to be done for these events. */
  settle: (entries: readonly Entry[]) => void
  /** Called when this many bytes in one body were too many. */
  tooLarge: (bytes: number) => void
}

/** A batch that has to wait for its next attempt. */
export type UsageRetry = { attempt: number; delayMs: number; events: number; problem: UsageProblem }

/** Sends a batch, the same events with the same ids, until it is answered; every event is acknowledged or reported. */
export async function deliver(delivery: Delivery, batch: readonly Entry[]): Promise<void> {
  const { transport, onRetry, retryForMs } = delivery
  const events = batch.map(({ json }) => json)
  const began = Date.now()
  for (let attempt = 1; ; attempt++) {
    const answer = await post(transport, events)
    if (transport.stop.aborted) return
    if (answer.kind !== 'retry') return conclude(delivery, batch, answer)
    const { problem, retryAfterMs } = answer
    const delayMs = retryAfterMs + backoff(delivery, attempt)
    if (Date.now() + delayMs - began > retryForMs) return refuse(delivery, batch, gaveUp(attempt, problem))
    await tell(() => onRetry?.({ attempt, delayMs, events: batch.length, problem }))
    await pause(delayMs, transport.stop)
    if (transport.stop.aborted) return
  }
}

/** Full jitter: anything between nothing and a bound that doubles, so that many producers do not come back as one. */
const backoff = ({ backoffMs, backoffMaxMs }: Delivery, attempt: number): number =>
  Math.random() * Math.min(backoffMaxMs, backoffMs * 2 ** (attempt - 1))

const gaveUp = (attempts: number, { code, detail }: UsageProblem): UsageProblem => ({
  code: 'retries_exhausted',
  detail: `Not acknowledged after ${attempts} attempts; the last one failed with ${code}: ${detail}`,
})

type Conclusion = Exclude<Answer, { kind: 'retry' }>

async function conclude(delivery: Delivery, batch: readonly Entry[], answer: Conclusion): Promise<void> {
  if (answer.kind === 'counted') return acknowledge(delivery, batch, answer.results)
  if (answer.kind === 'refused' || batch.length === 1) return refuse(delivery, batch, answer.problem)
  delivery.tooLarge(batch.reduce((sum, { bytes }) => sum + bytes, 0))
  const middle = Math.ceil(batch.length / 2)
  await deliver(delivery, batch.slice(0, middle))
  if (!delivery.transport.stop.aborted) await deliver(delivery, batch.slice(middle))
}

async function acknowledge(
  delivery: Delivery,
  batch: readonly Entry[],
  results: UsageResult[],
): Promise<void> {
  const taken = results.filter(isTaken)
  if (taken.length > 0) await tell(() => delivery.onAccepted?.(taken))
  delivery.settle(batch.filter((_, place) => isTaken(results[place]!)))
  for (const [place, entry] of batch.entries()) {
    const { outcome, error } = results[place]!
    if (isTaken(results[place]!)) continue
    await refuse(delivery, [entry], error ?? { code: outcome, detail: `The event's outcome is ${outcome}.` })
  }
}

const isTaken = ({ outcome }: UsageResult): boolean => outcome === 'accepted' || outcome === 'duplicate'

async function refuse(delivery: Delivery, batch: readonly Entry[], problem: UsageProblem): Promise<void> {
  await tell(() => delivery.onRejected(batch.map(readEvent), problem))
  delivery.settle(batch)
}

export const readEvent = ({ json }: Entry): UsageEvent => JSON.parse(json)

/** The host's own function: what it throws must not hold up the other events. */
async function tell(callback: () => unknown): Promise<void> {
  try {
    await callback()
  } catch (error) {
    console.error('A callback of the usage client failed.', error)
  }
}
