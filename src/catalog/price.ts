import type { RoundingMode } from '../kernel/rational.ts'

/** A price as it is agreed: a model with its numbers, and what is done to its quantity and to its amount. */
export type Price = { model: PriceModel; modifiers?: PriceModifiers | undefined }

/** A price model with its numbers. Amounts, rates, bounds and sizes are decimal strings; amounts in major units. */
export type PriceModel =
  | { type: 'flat'; amount: string; term: 'in_advance' | 'in_arrears' }
  | { type: 'unit'; unit_amount: string }
  | {
      type: 'package'
      package_size: string
      package_amount: string
      /** Comes off before the packages are counted. */
      included_quantity: string
      /** What becomes of a package that is used in part. */
      rounding: RoundingMode
    }
  | { type: 'graduated'; tiers: Tier[] }
  | { type: 'volume'; tiers: Tier[] }
  | { type: 'graduated_percentage'; tiers: PercentageTier[] }
  | PercentageModel
  | { type: 'event_amounts'; multiplier: string }
  | { type: 'matrix'; rows: MatrixRow[]; default_unit_amount: string }
  | { type: 'block_tiers'; mode: 'graduated' | 'volume'; tiers: BlockTier[] }
  | { type: 'capacity'; tiers: CapacityTier[] }

export type ModelOf<T extends PriceModel['type']> = Extract<PriceModel, { type: T }>

/** Covers `(previous up_to, up_to]`; the last tier has no bound. */
export type Tier = { up_to: string | null; unit_amount: string; flat_amount: string }

/** Like a tier of units, over amounts. */
type PercentageTier = { up_to: string | null; rate_percent: string; flat_amount: string }

/** A rate on the amounts of events. The free part ends with `free_events` or `free_amount`, whichever comes first. */
export type PercentageModel = {
  type: 'percentage'
  rate_percent: string
  /** For each paid event. */
  fixed_per_event: string
  /** Zero: no such bound of the free part. */
  free_events: string
  free_amount: string
  min_per_event: string | null
  max_per_event: string | null
}

/** Covers the units that have one of the listed values for each dimension; `*` is any value, but not a missing one. */
export type MatrixRow = { name: string | null; match: Record<string, string[] | '*'>; unit_amount: string }

/** `max_blocks` blocks of `block_size` units; the last tier takes all that is left, whatever it says. */
export type BlockTier = { block_size: string; max_blocks: string | null; block_amount: string }

/** Fits while no unit's peak is above its limit; a unit without one has none. The last tier fits everything. */
export type CapacityTier = { limits: Record<string, string | null>; amount: string }

/** In the order in which they apply; the line is rounded after the last. */
export type PriceModifiers = {
  unit_conversion?: UnitConversion | undefined
  /** Units that the price includes. */
  included_quantity?: string | undefined
  /** Units that are given away. */
  usage_discount?: string | undefined
  amount_discount?: string | undefined
  percent_discount?: string | undefined
  maximum_amount?: string | undefined
  minimum_amount?: string | undefined
  /** Maximum and minimum shrink with a period that is billed in part; so they do unless this is false. */
  prorate_limits?: boolean | undefined
  /** No usage, no fee: the flat amount of the first tier is not due then. */
  skip_zero_usage_flat?: boolean | undefined
  /** `none`, the default: more taken back than used bills nothing. `mirror`: it is credited as it would be billed. */
  negative_usage?: 'none' | 'mirror' | undefined
}

export type UnitConversion = {
  op: 'multiply' | 'divide'
  factor: string
  rounding: 'none' | RoundingMode
}
