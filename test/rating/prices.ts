import type { ModelOf, PriceModel } from '../../src/catalog/price.ts'
import { decimal, sum } from '../../src/kernel/rational.ts'
import type { RatedUsage } from '../../src/rating/rated-usage.ts'

/** Short ways to write prices, with what the wire would fill in. */
export const unit = (unit_amount: string): PriceModel => ({ type: 'unit', unit_amount })

export const flat = (amount: string, term: 'in_advance' | 'in_arrears' = 'in_advance'): PriceModel => ({
  type: 'flat',
  amount,
  term,
})

export const packages = (
  package_size: string,
  package_amount: string,
  more: Partial<ModelOf<'package'>> = {},
): PriceModel => ({
  type: 'package',
  package_size,
  package_amount,
  included_quantity: '0',
  rounding: 'up',
  ...more,
})

type TierRow = [up_to: string | null, price: string, flat_amount?: string]

const tiersOf = (rows: TierRow[]) =>
  rows.map(([up_to, unit_amount, flat_amount = '0']) => ({ up_to, unit_amount, flat_amount }))

export const graduated = (...rows: TierRow[]): PriceModel => ({ type: 'graduated', tiers: tiersOf(rows) })

export const volume = (...rows: TierRow[]): PriceModel => ({ type: 'volume', tiers: tiersOf(rows) })

export const graduatedPercentage = (...rows: TierRow[]): PriceModel => ({
  type: 'graduated_percentage',
  tiers: rows.map(([up_to, rate_percent, flat_amount = '0']) => ({ up_to, rate_percent, flat_amount })),
})

export const percentage = (
  rate_percent: string,
  more: Partial<ModelOf<'percentage'>> = {},
): ModelOf<'percentage'> => ({
  type: 'percentage',
  rate_percent,
  fixed_per_event: '0',
  free_events: '0',
  free_amount: '0',
  min_per_event: null,
  max_per_event: null,
  ...more,
})

export const blocks = (
  mode: 'graduated' | 'volume',
  ...rows: [block_size: string, max_blocks: string | null, block_amount: string][]
): PriceModel => ({
  type: 'block_tiers',
  mode,
  tiers: rows.map(([block_size, max_blocks, block_amount]) => ({ block_size, max_blocks, block_amount })),
})

/** Single events with these amounts. */
export const events = (...amounts: string[]): RatedUsage => ({
  quantity: sum(amounts.map(decimal)),
  events: amounts.map((amount) => ({ quantity: decimal(amount) })),
})
