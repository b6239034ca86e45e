/** A price model with its numbers. Amounts, rates and bounds are decimal strings in major units. */
export type PriceModel =
  | { type: 'flat'; amount: string; term: 'in_advance' | 'in_arrears' }
  | { type: 'unit'; unit_amount: string }
  | { type: 'graduated'; tiers: Tier[] }

/** Covers `(previous up_to, up_to]`; the last tier has no bound. */
export type Tier = { up_to: string | null; unit_amount: string; flat_amount: string }
