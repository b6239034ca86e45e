import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../http/router.http.ts'
import { Problem } from '../kernel/problem.ts'
import { parsedBody, readBatch } from './batch.ts'
import { recordCloudEvent, recordCloudEvents } from './cloud-events.job.ts'
import { BATCH_BYTES_MAX, bodyText, EVENT_BYTES_MAX, EVENTS_MAX } from './ingest.http.ts'

export const CLOUD_EVENT = 'application/cloudevents+json'
export const CLOUD_EVENTS = 'application/cloudevents-batch+json'

/** Takes a CloudEvent where one usage event is expected; lets everything else pass. */
export const takeCloudEvent = createMiddleware<AppEnv>(async (c, next) => {
  if (!isBinary(c) && !hasType(c, CLOUD_EVENT)) return next()
  const value = await readOne(c, EVENT_BYTES_MAX)
  return c.json(await recordCloudEvent(c.env, value, c.var.now), 200)
})

/** Takes one CloudEvent or a batch of them where usage events are expected; lets everything else pass. */
export const takeCloudEvents = createMiddleware<AppEnv>(async (c, next) => {
  const isOne = isBinary(c) || hasType(c, CLOUD_EVENT)
  if (!isOne && !hasType(c, CLOUD_EVENTS)) return next()
  const values = isOne ? [await readOne(c, BATCH_BYTES_MAX)] : await readMany(c)
  return c.json(await recordCloudEvents(c.env, values, c.var.now), 200)
})

async function readMany(c: Context<AppEnv>): Promise<unknown[]> {
  const { text } = await bodyText(c, [CLOUD_EVENTS], BATCH_BYTES_MAX)
  return readBatch(text, 'json', EVENTS_MAX).map((item) => 'value' in item && item.value)
}

async function readOne(c: Context<AppEnv>, bytesMax: number): Promise<unknown> {
  if (!isBinary(c)) return parsedBody((await bodyText(c, [CLOUD_EVENT], bytesMax)).text)
  const attributes = attributesOf(c.req.raw.headers)
  if (c.req.header('content-type') === undefined) return attributes
  return { ...attributes, data: parsedBody((await bodyText(c, ['application/json'], bytesMax)).text) }
}

/** In the binary mode of the HTTP binding the attributes are headers, and the body is the data alone. */
const isBinary = (c: Context): boolean => c.req.header('ce-specversion') !== undefined

const hasType = (c: Context, type: string): boolean =>
  (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase() === type

const attributesOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice('ce-'.length), decoded(name, value)]),
  )

/** Characters beyond ASCII come percent-encoded in a header. */
function decoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new Problem(400, 'malformed_header', `The header "${name}" is not percent-encoded UTF-8.`)
  }
}
