/** A usage event as it goes over the wire: `UsageEvent` of the OpenAPI document. */
export type UsageEvent = {
  /** When the usage happened, RFC 3339. */
  timestamp: string
  customer_ref: string
  customer_name?: string | null | undefined
  usage_product_ref: string
  usage_product_name?: string | null | undefined
  quantity: number | string
  additional_report_data?: Record<string, unknown> | null | undefined
  /** What the contract that bills the event must agree with. */
  validations?:
    | { currency?: string | null | undefined; entity_ref?: string | null | undefined }
    | null
    | undefined
  /** Identifies the event within its customer: sent again with the same id it is counted once. */
  event_id?: string | null | undefined
}

/** What `track` takes: an event whose time and id may be left to the client. */
export type NewUsageEvent = Omit<UsageEvent, 'timestamp' | 'quantity'> & {
  /** The moment of the call by default. */
  timestamp?: string | Date | null | undefined
  /** Decimal text carries any precision; a number is read by its shortest decimal form. */
  quantity: number | string | bigint
}

/** Why an event was not taken, or has to wait. The words of Accrue where it gave any (`code`, `detail`, `errors`). */
export type UsageProblem = {
  /** Stable, for programs: `event_conflict`, `invalid_request`, `unauthorized`, `network_error` … */
  code: string
  /** For people. */
  detail: string
  /** The HTTP status, where the whole batch was refused. */
  status?: number
  errors?: { path: string; message: string }[]
}

/** What became of one event of a batch, as Accrue answers it. */
export type UsageResult = {
  index: number
  outcome: 'accepted' | 'duplicate' | 'conflict' | 'rejected'
  event_ref: string | null
  event_id: string | null
  error?: UsageProblem | undefined
}

/** Thrown by `track`. The event was not taken over: it is still the caller's. */
export class UsageClientError extends Error {
  override readonly name = 'UsageClientError'
  readonly code: 'buffer_full' | 'client_closed' | 'invalid_event'

  constructor(code: UsageClientError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Gives an event the identity that it keeps for every attempt: its id, and its time.
 *
 * Throws a `UsageClientError` (`invalid_event`) for what JSON cannot hold.
 */
export function identify(event: NewUsageEvent, newId: () => string): { eventId: string; json: string } {
  const eventId = event.event_id ?? newId()
  const timestamp = instantText(event.timestamp ?? new Date())
  const quantity = jsonQuantity(event.quantity)
  try {
    return { eventId, json: JSON.stringify({ ...event, event_id: eventId, timestamp, quantity }) }
  } catch (error) {
    throw new UsageClientError('invalid_event', `The event cannot be written as JSON: ${error}`)
  }
}

function instantText(time: string | Date): string {
  if (typeof time === 'string') return time
  if (Number.isNaN(time.getTime()))
    throw new UsageClientError('invalid_event', 'The timestamp is no valid Date.')
  return time.toISOString()
}

function jsonQuantity(quantity: number | string | bigint): number | string {
  if (typeof quantity === 'bigint') return String(quantity)
  if (typeof quantity === 'number' && !Number.isFinite(quantity)) {
    throw new UsageClientError('invalid_event', `The quantity is ${quantity}; it must be a finite number.`)
  }
  return quantity
}
