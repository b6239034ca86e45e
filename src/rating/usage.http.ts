import { z } from '@hono/zod-openapi'
import type { PriceModel } from '../catalog/price.ts'
import { decimalField } from '../http/fields.http.ts'
import type { Fault } from '../kernel/problem.ts'
import { decimal, sum } from '../kernel/rational.ts'
import { grouped, ofQuantity, type RatedUsage } from './rated-usage.ts'

/** Most buckets or events that one question may carry. */
export const PARTS_MAX = 1000

const PROPERTIES_MAX = 20

const propertyField = z
  .union([z.string().max(256), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? null : String(value)))

export const eventSchema = z.strictObject({
  quantity: decimalField.default('1'),
  properties: z
    .record(z.string().min(1).max(128), propertyField)
    .refine((one) => Object.keys(one).length <= PROPERTIES_MAX, `takes at most ${PROPERTIES_MAX} properties`)
    .default({}),
})

type SentUsage = {
  quantity?: string | undefined
  quantities?: string[] | undefined
  event_amounts?: string[] | undefined
  events?: z.infer<typeof eventSchema>[] | undefined
  group_by?: string[] | undefined
}

const FORMS = ['quantity', 'quantities', 'event_amounts', 'events'] as const

/** What of a usage, of its price and of what was billed before does not go together. */
export function faultsOfUsage(
  body: SentUsage & {
    model: { type: PriceModel['type'] }
    already_billed?: { amount?: string | undefined } | undefined
  },
): Fault[] {
  const [first, ...more] = FORMS.filter((form) => body[form] !== undefined)
  const faults: Fault[] = more.map((form) => ({ path: form, message: `send ${first} or ${form}, not both` }))
  if (body.group_by && !body.events) faults.push({ path: 'group_by', message: 'groups events; send those' })
  if (body.group_by && body.model.type === 'percentage') {
    faults.push({ path: 'group_by', message: 'a percentage looks at single events, not at groups' })
  }
  if (first !== undefined && first !== 'quantity' && body.already_billed && !body.already_billed.amount) {
    faults.push({
      path: 'already_billed.amount',
      message: `is needed beside ${first}: the price of their parts is not that of a quantity`,
    })
  }
  return faults
}

export function readUsage(
  { quantity = '0', quantities, event_amounts: amounts, events, group_by }: SentUsage,
  model: PriceModel,
): RatedUsage {
  if (quantities) {
    const buckets = quantities.map(decimal)
    return { quantity: sum(buckets), buckets }
  }
  const single =
    amounts?.map((amount) => ({ quantity: decimal(amount) })) ??
    events?.map((event) => ({ ...event, quantity: decimal(event.quantity) }))
  if (!single) return ofQuantity(decimal(quantity))
  const keys = group_by ?? dimensionsOf(model)
  if (keys) return grouped(single, keys)
  return { quantity: sum(single.map((event) => event.quantity)), events: single }
}

/** A price by dimensions groups by those, where the question does not say otherwise. */
const dimensionsOf = (model: PriceModel): string[] | undefined =>
  model.type === 'matrix' ? [...new Set(model.rows.flatMap(({ match }) => Object.keys(match)))] : undefined
