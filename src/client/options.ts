import type { UsageRetry } from './delivery.ts'
import type { NewUsageEvent, UsageEvent, UsageProblem, UsageResult } from './usage-event.ts'

export type UsageClientOptions = {
  /** Where Accrue is: `https://billing.example.com`. */
  url: string
  /** A key with the scope `ingest`. */
  apiKey: string
  /**
   * Gets the events that were refused for good, so that somebody can look at them. Required: an event that cannot be
   * billed must not vanish. What it returns is awaited.
   */
  onRejected: (events: UsageEvent[], problem: UsageProblem) => unknown
  /** Gets the results of events that are counted, also of those that were counted before. */
  onAccepted?: (results: UsageResult[]) => unknown
  /** Gets word of each batch that has to be sent again. */
  onRetry?: (retry: UsageRetry) => unknown
  /** A batch is sent when it holds this many events (1,000; Accrue takes 5,000) … */
  batchEvents?: number
  /** … or bytes (1,000,000; Accrue takes 5 MB) … */
  batchBytes?: number
  /** … or when its first event is this old (1,000). */
  batchDelayMs?: number
  /** Batches under way at once (4). */
  requestsInFlight?: number
  /** Unacknowledged events that are kept (100,000), and their bytes (50,000,000); then `track` refuses. */
  bufferEvents?: number
  bufferBytes?: number
  /** An attempt without an answer for so long has failed (30,000). */
  requestTimeoutMs?: number
  /** The bound of the first wait (500); it doubles with each attempt up to `backoffMaxMs` (30,000). */
  backoffMs?: number
  backoffMaxMs?: number
  /** Then a batch goes to `onRejected` as `retries_exhausted` (never). */
  retryForMs?: number
  /** Stands in for the global `fetch`. */
  fetch?: typeof fetch
  /** Makes the ids of events; `crypto.randomUUID` by default. */
  newId?: () => string
}

export type UsageClient = {
  /**
   * Takes an event over, to be sent soon, and returns its id. Throws a `UsageClientError` when it does not:
   * `buffer_full` (await `ready()`), `client_closed`, `invalid_event`.
   */
  track(event: NewUsageEvent): string
  /** Resolves when there is room for an event. Callers are served in turn. */
  ready(): Promise<void>
  /** Sends at once, and resolves when every event tracked so far is acknowledged or reported. */
  flush(): Promise<void>
  /**
   * Refuses further events, flushes for up to `timeoutMs` (10,000), and gives back what was not acknowledged. Such
   * events may have been counted; tracked again as they are, by any process, they are counted once.
   */
  close(options?: { timeoutMs?: number }): Promise<{ unsent: UsageEvent[] }>
  /** What is tracked and not acknowledged. */
  readonly pending: { events: number; bytes: number }
}
