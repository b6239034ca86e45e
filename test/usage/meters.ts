import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { vi } from 'vitest'
import type { Metric } from '../../src/catalog/metric.ts'
import { EMPTY_CALENDAR } from '../../src/usage/meter-calendar.ts'
import type { SealRequest } from '../../src/usage/sealed-usage.ts'
import { env } from '../support/worker.ts'

export const meterOf = (name: string) => env.USAGE_METER.getByName(name)

/** In whole quarters of an hour, so that no event has to be looked at. */
export const ALL = { start: 0, end: Date.UTC(2030, 0, 1), timezone: 'UTC' }

/** What a customer has used, by product: the number of events and the sum of quantities. */
export async function totalsOf(name: string): Promise<Record<string, [events: number, quantity: string]>> {
  const usage = await meterOf(name).summary(ALL)
  return Object.fromEntries(usage.map(({ productRef, events, quantity }) => [productRef, [events, quantity]]))
}

type Listed = { eventId: string; at: number; event: Record<string, unknown> }

/** All events of a customer by their ids, as they were sent but for the customer. */
export async function listOf(name: string): Promise<Listed[]> {
  const stored = (await meterOf(name).list({ limit: 100_000 })) as unknown as Listed[]
  return stored
    .map(({ eventId, at, event: { customer_ref: _, ...event } }) => ({ eventId, at, event }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1))
}

/** The meter loses its memory: gently, or with all others at once. */
export const disturb = async (name: string, roughly: boolean): Promise<void> =>
  roughly ? abortAllDurableObjects() : evictDurableObject(meterOf(name))

/** Puts all that is logged into the archive; it must have come in more than a day ago. */
export async function archive(name: string, meter = meterOf(name)): Promise<void> {
  await runDurableObjectAlarm(meter)
  await vi.waitFor(() =>
    runInDurableObject(meter, (_, { storage }) => {
      const { rows } = storage.sql.exec<{ rows: number }>('SELECT count(*) AS rows FROM log').one()
      if (rows > 0) throw new Error(`${rows} rows of the log are not archived`)
    }),
  )
}

/** Teaches a meter how products are measured. */
export const teach = (name: string, metrics: Record<string, Metric>): Promise<void> =>
  meterOf(name).learn({
    ...EMPTY_CALENDAR,
    metrics: Object.entries(metrics).map(([productRef, metric]) => ({ productRef, metric })),
  })

const MONTHS = ['2024-01', '2024-02', '2024-03', '2024-04', '2024-05']

/** A calendar month of 2024 as a billing cycle; January is the first. */
export function monthly(cycleNo: number, metrics: Record<string, Metric>): SealRequest {
  const [start, end] = [Date.UTC(2024, cycleNo - 1, 1), Date.UTC(2024, cycleNo, 1)]
  return {
    contractRef: 'c1',
    cycleNo,
    start,
    end,
    products: Object.entries(metrics).map(([productRef, metric]) => ({ productRef, metric })),
    months: [{ month: MONTHS[cycleNo - 1]!, start, end }],
  }
}

/** Billed by now of each cycle and product: what its seal said, or the last correction of it. */
export async function billedBy(
  name: string,
  requests: readonly SealRequest[],
): Promise<Record<string, string>> {
  const billed: Record<string, string> = {}
  for (const request of requests) {
    const { products, corrections } = await meterOf(name).seal(request)
    for (const { cycleNo, productRef, quantity } of corrections) billed[`${cycleNo} ${productRef}`] = quantity
    for (const { productRef, quantity } of products) billed[`${request.cycleNo} ${productRef}`] = quantity
  }
  return billed
}
