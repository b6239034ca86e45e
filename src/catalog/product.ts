export type ProductKind = 'usage' | 'recurring' | 'one_time'

/** How revenue of a product is recognised. */
export const RECOGNITION_METHODS = [
  'usage',
  'daily',
  'month_even',
  'month_even_prorated_ends',
  'units',
  'milestone',
  'point_in_time',
] as const
export type RecognitionMethod = (typeof RECOGNITION_METHODS)[number]

export const defaultRecognition: Record<ProductKind, RecognitionMethod> = {
  usage: 'usage',
  recurring: 'daily',
  one_time: 'point_in_time',
}

/**
 * By which paragraph usage is revenue as it happens: what may be invoiced for it is what it is worth (ASC 606-10-55-18,
 * IFRS 15.B16), or it is variable consideration that belongs to the days of its use alone (606-10-32-40, 15.85).
 */
export const USAGE_POLICIES = ['right_to_invoice', 'variable_allocation'] as const
export type UsagePolicy = (typeof USAGE_POLICIES)[number]

/** What finance says of the promise of a product, beside its method. Decimal strings. */
export type RevenueSettings = {
  /** Not distinct: its price belongs to the promise of this other product. */
  combined_with?: string | undefined
  /** It ships this other product after control of it has passed. */
  shipping_of?: string | undefined
  /** What remains is distinct from what was delivered. By default yes, of milestones no. */
  series?: boolean | undefined
  /** Of a point in time: control passes with a delivery that is reported, and not on the day of its fee. */
  on_delivery?: boolean | undefined
  milestones?: { name: string; weight: string }[] | undefined
  /** Of units: how many there will be in all; by default the quantity of the contract. */
  total_units?: string | undefined
  /** Of usage; by default the right to invoice. */
  usage_policy?: UsagePolicy | undefined
}

/** Methods that earn nothing before a delivery is reported. */
export const isDelivered = (method: RecognitionMethod, settings: RevenueSettings): boolean =>
  method === 'units' ||
  method === 'milestone' ||
  (method === 'point_in_time' && settings.on_delivery === true)
