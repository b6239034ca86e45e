import type { BlockTier, ModelOf } from '../catalog/price.ts'
import {
  compare,
  decimal,
  divide,
  isZero,
  min,
  multiply,
  type Rational,
  roundToPlaces,
  subtract,
  ZERO,
} from '../kernel/rational.ts'
import { type LineDetailExact, type Rated, ratedOf } from './rated.ts'

/**
 * Tiers of blocks; a block that is begun is paid in full. Graduated: each tier sells its own blocks. Volume: the last
 * tier that is reached sells all units in its blocks.
 *
 * @example 2 blocks of 100 at 5, then blocks of 1,000 at 30; 1,500 units: 2 × 5 + ⌈1.3⌉ × 30 = 70, by volume 2 × 30 = 60
 */
export function rateBlockTiers({ mode, tiers }: ModelOf<'block_tiers'>, quantity: Rational): Rated {
  const shares = blockShares(tiers, quantity)
  const sold = mode === 'volume' ? shares.slice(-1).map(({ tier }) => ({ tier, units: quantity })) : shares
  return ratedOf(sold.map(rowOfBlocks).filter((row) => !isZero(row.quantity)))
}

type BlockShare = { tier: BlockTier; units: Rational }

/** The tiers that a quantity reaches, with the units that each of them holds. */
function blockShares(tiers: readonly BlockTier[], quantity: Rational): BlockShare[] {
  const shares: BlockShare[] = []
  let left = quantity
  for (const [place, tier] of tiers.entries()) {
    const isLast = place === tiers.length - 1
    const room = isLast || tier.max_blocks === null ? left : sizeOf(tier.block_size, tier.max_blocks)
    const units = min(left, room)
    shares.push({ tier, units })
    left = subtract(left, units)
    if (compare(left, ZERO) <= 0) break
  }
  return shares
}

const sizeOf = (blockSize: string, blocks: string): Rational => multiply(decimal(blockSize), decimal(blocks))

function rowOfBlocks({ tier, units }: BlockShare): LineDetailExact {
  const quantity = roundToPlaces(divide(units, decimal(tier.block_size)), 0, 'ceil')
  const unitAmount = decimal(tier.block_amount)
  return {
    description: `Blocks of ${tier.block_size}`,
    quantity,
    unitAmount,
    amount: multiply(quantity, unitAmount),
  }
}
