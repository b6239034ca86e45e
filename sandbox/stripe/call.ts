import type { Context } from 'hono'
import type { z } from 'zod'
import { expanded } from './expand.ts'
import { formText, parseForm } from './form.ts'
import { readParams } from './params.ts'
import type { Tables } from './tables.ts'

/** The API version whose shapes the stand-in answers in; the types of the `stripe` package describe it. */
export const API_VERSION = '2026-10-28.endive'

/** One request, as the handlers see it. `now` is in seconds, as everywhere in Stripe's API. */
export type Call = {
  tables: Tables
  now: number
  requestId: string
  idempotencyKey: string | null
  /** Where the stand-in is reached, for the addresses of its pages. */
  origin: string
  /** Records an event about an object as it is now, and sends it to the webhook. */
  emit(type: string, object: { id: string }): void
}

export type StandInEnv = {
  Variables: {
    call: Call
    /** Set when the call's parameters were in order: from then on its answer belongs to its Idempotency-Key. */
    executed: boolean
  }
}

type Handler<Params> = (call: Call, params: Params, id: string) => object

/** A call of the API: parameters from the form or the query, the id from the path, the answer with its expansions. */
export const endpoint =
  <Schema extends z.ZodType<{ expand?: string[] | undefined }>>(
    schema: Schema,
    handler: Handler<z.output<Schema>>,
  ) =>
  async (c: Context<StandInEnv>): Promise<Response> => {
    const form = parseForm(c.req.method === 'GET' ? new URL(c.req.url).search : await formText(c.req))
    const params = readParams(schema, form)
    c.set('executed', true)
    const answer = handler(c.var.call, params, c.req.param('id') ?? '')
    return c.json(expanded(c.var.call.tables, answer, params.expand ?? []))
  }
