import type { Instant } from '../../kernel/calendar.ts'
import type { MetricSample } from '../metrics/metric-sample.ts'
import type { LogLine } from '../parcel.ts'
import { countedFacts } from '../usage-event.ts'

/** An event of the log, as metrics see it and as it is shown. */
export type LoggedEvent = MetricSample & {
  number: number
  eventId: string
  productRef: string
  receivedAt: Instant
  /** As it was sent. */
  event: Record<string, unknown>
  /** The number of the event that this one amends or voids. */
  amends?: number | undefined
  voids?: number | undefined
}

export const isRevision = ({ amends, voids }: LoggedEvent): boolean =>
  amends !== undefined || voids !== undefined

export function readLogLine(line: string, number: number): LoggedEvent {
  const { event_id, received_at, event, amends, voids } = JSON.parse(line) as LogLine
  const { productRef, occurredAt, quantity } = countedFacts(event)
  const receivedAt = Date.parse(received_at)
  return {
    number,
    eventId: event_id,
    productRef,
    receivedAt,
    at: occurredAt,
    order: [receivedAt, number],
    quantity,
    properties: (event.additional_report_data ?? {}) as Record<string, unknown>,
    event,
    amends,
    voids,
  }
}

/** The lines of a row or a segment, each under its number. */
export const readLogLines = (lines: string, firstNumber: number): LoggedEvent[] =>
  linesOf(lines).map((line, index) => readLogLine(line, firstNumber + index))

/** Each line without its line feed; JSON has none inside. */
export const linesOf = (lines: string): string[] => (lines === '' ? [] : lines.slice(0, -1).split('\n'))
