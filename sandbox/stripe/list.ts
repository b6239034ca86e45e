import { z } from 'zod'
import { invalidRequest, noSuch } from './fault.ts'
import { integer, text } from './params.ts'

/** What every list takes besides its own filters. */
export const listFields = {
  limit: integer.optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
  created: z
    .union([
      integer,
      z.strictObject({
        gt: integer.optional(),
        gte: integer.optional(),
        lt: integer.optional(),
        lte: integer.optional(),
      }),
    ])
    .optional(),
}

const listSchema = z.object(listFields)
type ListParams = z.output<typeof listSchema>
type Listed = { id: string; created: number }

/** One page of `rows` (newest first) after or before a cursor, as Stripe's list object. */
export function listPage<Row extends Listed>(rows: Row[], url: string, what: string, params: ListParams) {
  const { limit = 10, starting_after: after, ending_before: before } = params
  if (limit < 1 || limit > 100) {
    throw invalidRequest(`Invalid integer: this value must be between 1 and 100, not ${limit}.`, {
      code: 'parameter_invalid_integer',
      param: 'limit',
    })
  }
  const matching = rows.filter(({ created }) => isCreatedWithin(created, params.created))
  const start = after === undefined ? 0 : placeOf(matching, after, what, 'starting_after') + 1
  if (before === undefined) {
    return page(matching.slice(start, start + limit), url, matching.length > start + limit)
  }
  const end = placeOf(matching, before, what, 'ending_before')
  return page(matching.slice(Math.max(0, end - limit), end), url, end > limit)
}

const page = <Row>(data: Row[], url: string, hasMore: boolean) => ({
  object: 'list' as const,
  data,
  has_more: hasMore,
  url,
})

function placeOf(rows: Listed[], id: string, what: string, param: string): number {
  const place = rows.findIndex((row) => row.id === id)
  if (place < 0) throw noSuch(what, id, param)
  return place
}

function isCreatedWithin(created: number, range: ListParams['created']): boolean {
  if (range === undefined) return true
  if (typeof range === 'number') return created === range
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range
  return created > gt && created >= gte && created < lt && created <= lte
}
