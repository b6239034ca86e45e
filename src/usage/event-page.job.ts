import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { cursorParts, type Page, type Paged, paged } from '../kernel/page.ts'
import { askMeter } from './ask-meter.job.ts'
import type { EventPlace, StoredEvent } from './meter/event-list.store.ts'

export type EventFilter = {
  productRef?: string | undefined
  /** Half-open. */
  from?: Instant | undefined
  to?: Instant | undefined
}

/** One page of a customer's raw events as they count by now, the latest timestamp first. */
export async function eventPage(
  env: Env,
  customerRef: string,
  { productRef, from, to, limit, cursor }: EventFilter & Page,
): Promise<Paged<StoredEvent>> {
  const query = { productRef, from, to, limit, after: placeOfEvent(cursor) }
  const events = await askMeter(env, customerRef, (meter) => meter.list(query) as Promise<StoredEvent[]>)
  return paged(events, limit, ({ at, shard, number }) => `${at}.${shard}.${number}`)
}

const EVENT_CURSOR = /^(\d{1,15})\.(\d{1,2})\.(\d{1,15})$/

function placeOfEvent(cursor: string | undefined): EventPlace | undefined {
  const [at, shard, number] = cursorParts(cursor, EVENT_CURSOR) ?? []
  return at && shard && number ? { at: Number(at), shard: Number(shard), number: Number(number) } : undefined
}
