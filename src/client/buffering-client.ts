import { EventBuffer } from './buffer.ts'
import { type Delivery, deliver, readEvent } from './delivery.ts'
import type { UsageClient, UsageClientOptions } from './options.ts'
import { keepingAlive, later, pause } from './timers.ts'
import { identify, type NewUsageEvent, UsageClientError, type UsageEvent } from './usage-event.ts'

/** Keeps events, cuts them into batches, and has a bounded number of batches delivered at once. */
export class BufferingClient implements UsageClient {
  readonly #buffer = new EventBuffer()
  readonly #stop = new AbortController()
  readonly #delivery: Delivery
  readonly #limits: Limits
  readonly #newId: () => string
  #inFlight = 0
  /** Events up to this place are to be sent although their batch is not full. */
  #dueUpTo = 0
  #timer: number | undefined
  #turn = Promise.resolve()
  #closing: Promise<{ unsent: UsageEvent[] }> | undefined

  constructor(options: UsageClientOptions, newId: () => string) {
    this.#newId = newId
    this.#limits = limitsOf(options)
    this.#delivery = deliveryOf(options, this.#stop.signal, {
      settle: (entries) => this.#buffer.settle(entries),
      tooLarge: (bytes) => {
        this.#limits.batchBytes = Math.min(this.#limits.batchBytes, Math.ceil(bytes / 2))
      },
    })
  }

  get pending() {
    return { events: this.#buffer.events, bytes: this.#buffer.bytes }
  }

  track(event: NewUsageEvent): string {
    if (this.#closing) throw new UsageClientError('client_closed', 'The usage client is closed.')
    if (this.#isFull()) {
      const { events, bytes } = this.pending
      throw new UsageClientError(
        'buffer_full',
        `${events} events (${bytes} bytes) wait to be acknowledged; await ready() before the next one.`,
      )
    }
    const { eventId, json } = identify(event, this.#newId)
    this.#buffer.add(json)
    this.#pump()
    return eventId
  }

  ready(): Promise<void> {
    // Each waits for the one before it, who has then tracked its event: two never share one place.
    this.#turn = this.#turn.then(() => keepingAlive(this.#buffer.until(() => !this.#isFull())))
    return this.#turn
  }

  flush(): Promise<void> {
    this.#dueUpTo = this.#buffer.lastSeq
    this.#pump()
    return keepingAlive(this.#buffer.untilSettled(this.#dueUpTo))
  }

  close({ timeoutMs = 10_000 } = {}): Promise<{ unsent: UsageEvent[] }> {
    this.#closing ??= this.#flushAndStop(timeoutMs)
    return this.#closing
  }

  async #flushAndStop(timeoutMs: number): Promise<{ unsent: UsageEvent[] }> {
    await Promise.race([this.flush(), pause(timeoutMs, this.#stop.signal)])
    clearTimeout(this.#timer)
    this.#stop.abort()
    return { unsent: this.#buffer.abandon().map(readEvent) }
  }

  /** Starts as many deliveries as may and should be under way, and sets the timer for the events that stay. */
  #pump(): void {
    const { requestsInFlight, batchEvents, batchBytes, batchDelayMs } = this.#limits
    while (this.#inFlight < requestsInFlight && this.#isDue()) {
      this.#inFlight++
      void deliver(this.#delivery, this.#buffer.take(batchEvents, batchBytes)).finally(() => {
        this.#inFlight--
        this.#pump()
      })
    }
    if (this.#buffer.waiting > 0 && !this.#stop.signal.aborted) {
      this.#timer ??= later(() => this.#sendWaiting(), batchDelayMs)
    }
  }

  #sendWaiting(): void {
    this.#timer = undefined
    this.#dueUpTo = this.#buffer.lastSeq
    this.#pump()
  }

  #isDue(): boolean {
    const { waiting, waitingBytes, nextSeq } = this.#buffer
    if (waiting === 0 || this.#stop.signal.aborted) return false
    if (waiting >= this.#limits.batchEvents || waitingBytes >= this.#limits.batchBytes) return true
    return nextSeq <= this.#dueUpTo || this.#isFull()
  }

  #isFull(): boolean {
    return this.#buffer.events >= this.#limits.bufferEvents || this.#buffer.bytes >= this.#limits.bufferBytes
  }
}

const limitsOf = ({
  batchEvents = 1_000,
  batchBytes = 1_000_000,
  batchDelayMs = 1_000,
  requestsInFlight = 4,
  bufferEvents = 100_000,
  bufferBytes = 50_000_000,
}: UsageClientOptions) => ({
  batchEvents,
  batchBytes,
  batchDelayMs,
  requestsInFlight,
  bufferEvents,
  bufferBytes,
})
type Limits = ReturnType<typeof limitsOf>

function deliveryOf(
  options: UsageClientOptions,
  stop: AbortSignal,
  hooks: Pick<Delivery, 'settle' | 'tooLarge'>,
): Delivery {
  const { requestTimeoutMs = 30_000, backoffMs = 500, backoffMaxMs = 30_000 } = options
  const { retryForMs = Number.POSITIVE_INFINITY, onAccepted, onRejected, onRetry } = options
  const url = new URL(`${options.url.replace(/\/+$/, '')}/api/usage/events`).href
  const headers = new Headers({
    authorization: `Bearer ${options.apiKey}`,
    'content-type': 'application/json',
  })
  const transport = { url, headers, fetch: options.fetch ?? fetch, requestTimeoutMs, stop }
  return { transport, backoffMs, backoffMaxMs, retryForMs, onAccepted, onRejected, onRetry, ...hooks }
}
