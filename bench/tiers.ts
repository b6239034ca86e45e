import type { ModelOf } from '../src/catalog/price.ts'

/** The price that is worked out: four tiers, two of them with a flat amount. */
export const TIERED: ModelOf<'graduated'> = {
  type: 'graduated',
  tiers: [
    { up_to: '1000', unit_amount: '0.0125', flat_amount: '5' },
    { up_to: '10000', unit_amount: '0.00875', flat_amount: '0' },
    { up_to: '100000', unit_amount: '0.0061', flat_amount: '10.50' },
    { up_to: null, unit_amount: '0.004333', flat_amount: '0' },
  ],
}

/** Thousandths of units, spread over all tiers by a fixed step. */
export const spreadThousandths = (count: number): number[] =>
  Array.from({ length: count }, (_, place) => (place * 7_919_333) % 200_000_000)

const floatTiers = TIERED.tiers.map(({ up_to, unit_amount, flat_amount }) => ({
  upTo: up_to === null ? Number.POSITIVE_INFINITY : Number(up_to),
  unitAmount: Number(unit_amount),
  flatAmount: Number(flat_amount),
}))

/** The same price in floats, as bare as it gets. */
export function rateInFloats(quantity: number): number {
  let amount = 0
  let from = 0
  for (const [place, { upTo, unitAmount, flatAmount }] of floatTiers.entries()) {
    if (place > 0 && quantity <= from) break
    const to = Math.min(quantity, upTo)
    amount += (to - from) * unitAmount + flatAmount
    from = to
  }
  return amount
}
