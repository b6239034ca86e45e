import { z } from '@hono/zod-openapi'
import { nameField, refField } from '../http/fields.http.ts'
import type { Fault } from '../kernel/problem.ts'
import { positiveDecimalField, refinedBy } from './price-fields.http.ts'
import { type ProductKind, RECOGNITION_METHODS, type RevenueSettings, USAGE_POLICIES } from './product.ts'

const MILESTONES_MAX = 100

const settingsFields = {
  combined_with: refField.optional().openapi({
    description: 'Not distinct: its price belongs to the promise of this other product of the contract.',
  }),
  shipping_of: refField.optional().openapi({
    description: 'Ships this other product after control has passed (an election of US GAAP).',
  }),
  series: z.boolean().optional().openapi({
    description: 'What remains is distinct from what was delivered. By default yes, of milestones no.',
  }),
  on_delivery: z.boolean().optional().openapi({
    description: 'With `point_in_time`: on the delivery that is reported, not on the day of the fee.',
  }),
  milestones: z
    .array(z.strictObject({ name: nameField, weight: positiveDecimalField.default('1') }))
    .min(1)
    .max(MILESTONES_MAX)
    .optional(),
  usage_policy: z.enum(USAGE_POLICIES).optional().openapi({
    description:
      'Of usage: why it is revenue as it happens. `right_to_invoice` (by default): a unit is priced at what it is worth to the customer. `variable_allocation`: variable consideration for the days of use alone.',
  }),
  total_units: positiveDecimalField.optional().openapi({
    description: 'With `units`: how many there will be in all. By default the quantity of the contract.',
  }),
}

type Sent = RevenueSettings & { recognition?: string | undefined }

/** How revenue of a product is recognised, and what is said of its promise. */
export const revenueField = z
  .strictObject({ recognition: z.enum(RECOGNITION_METHODS), ...settingsFields })
  .superRefine(refinedBy(faultsOfSettings))

function faultsOfSettings({ recognition, on_delivery, milestones, total_units }: Sent): Fault[] {
  const belongs = (method: string, path: keyof RevenueSettings, isSent: boolean): Fault[] =>
    isSent && recognition !== method
      ? [{ path, message: `belongs to the recognition \`${method}\` alone` }]
      : []
  const names = (milestones ?? []).map(({ name }) => name)
  return [
    ...belongs('point_in_time', 'on_delivery', on_delivery !== undefined),
    ...belongs('milestone', 'milestones', milestones !== undefined),
    ...belongs('units', 'total_units', total_units !== undefined),
    ...(recognition === 'milestone' && !milestones
      ? [{ path: 'milestones', message: 'are needed: what is handed over, step by step' }]
      : []),
    ...(new Set(names).size < names.length ? [{ path: 'milestones', message: 'name one twice' }] : []),
  ]
}

const OF_USAGE: readonly string[] = ['usage', 'daily', 'point_in_time']

/** True where a product of the kind can be recognised so. */
export const fitsKind = (kind: ProductKind, revenue: Sent | undefined): boolean =>
  revenue?.recognition === undefined ||
  (kind === 'usage' ? OF_USAGE.includes(revenue.recognition) : revenue.recognition !== 'usage')

/** The settings beside the method; null where there are none. */
export function settingsOf(sent: Sent | undefined): RevenueSettings | null {
  const { recognition: _, ...settings } = sent ?? {}
  return Object.values(settings).some((value) => value !== undefined) ? settings : null
}
