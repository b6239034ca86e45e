import type { Price, PriceModel } from '../catalog/price.ts'
import { pricesTheWhole } from '../catalog/price-faults.ts'
import { isNegative, max, multiply, negate, ONE, type Rational, ZERO } from '../kernel/rational.ts'
import { billableUsage } from './billable.ts'
import { rateBlockTiers } from './block-tiers.ts'
import { rateCapacity } from './capacity.ts'
import { rateEventAmounts } from './event-amounts.ts'
import { rateFlat } from './flat.ts'
import { rateGraduated } from './graduated.ts'
import { rateGraduatedPercentage } from './graduated-percentage.ts'
import { rateMatrix } from './matrix.ts'
import { type ModifiedPrice, modifyAmount } from './modifiers.ts'
import { ratePackage } from './package.ts'
import { ratePaid, ratePercentage } from './percentage.ts'
import { combined, mapAmounts, NOTHING, type Rated } from './rated.ts'
import { eventAmounts, priceableParts, type RatedUsage } from './rated-usage.ts'
import { rateUnit } from './unit.ts'
import { rateVolume } from './volume.ts'

/** How much of a period is priced. */
export type RatedPeriod = {
  /** The part of the period that is billed; by default all of it. */
  factor?: Rational | undefined
  /** `open`: more of the period may come, so only what does not hang on its end is due. */
  state?: 'open' | 'closed' | undefined
}

/**
 * The price of all usage of a period in major units of the contract's currency, exact, in the order: unit conversion,
 * units included or given away, model, discount by amount, discount by percentage, maximum, minimum. The caller rounds
 * once, on the line. A negative quantity (more taken back than used) is priced as none unless the price mirrors it.
 *
 * A part of a period is the price with it less the price without it, never the price of the part: only so do tiers, flat
 * amounts and limits count once (`rateLine`). Only fees shrink with a period that is billed in part, and with them
 * discounts and limits; usage has its full price, within limits that shrink.
 *
 * @example rate({ model: { type: 'unit', unit_amount: '0.10' } }, ofQuantity(decimal('12'))).amount // 1.2
 */
export function rate(
  price: Price,
  usage: RatedUsage,
  { factor = ONE, state = 'closed' }: RatedPeriod = {},
): ModifiedPrice {
  const { model, modifiers = {} } = price
  const whole = modelPrice(price, usage, state)
  const isFee = model.type === 'flat'
  const rated = isFee ? mapAmounts(whole, (amount) => multiply(amount, factor)) : whole
  return modifyAmount(rated, modifiers, {
    discount: isFee ? factor : ONE,
    limits: modifiers.prorate_limits === false ? ONE : factor,
    isFinal: state === 'closed',
  })
}

function modelPrice(price: Price, usage: RatedUsage, state: 'open' | 'closed'): Rated {
  const { model, modifiers = {} } = price
  const isDueAtEnd = pricesTheWhole(model) || (model.type === 'flat' && model.term === 'in_arrears')
  if (isDueAtEnd && state === 'open') return NOTHING
  if (modifiers.skip_zero_usage_flat && usage.quantity.num <= 0n) return NOTHING
  return rateModel(model, billableUsage(price, usage), modifiers.negative_usage === 'mirror')
}

/** The one list of price models. */
function rateModel(model: PriceModel, usage: RatedUsage, mirrors: boolean): Rated {
  switch (model.type) {
    case 'matrix':
      return rateMatrix(model, usage)
    case 'capacity':
      return rateCapacity(model, usage)
    case 'percentage':
      return usage.paid ? ratePaid(model, usage.paid) : ratePercentage(model, eventAmounts(usage))
    default:
      return combined(priceableParts(usage).map((quantity) => ratePart(model, quantity, mirrors)))
  }
}

type QuantityModel = Exclude<PriceModel, { type: 'matrix' | 'capacity' | 'percentage' }>

function ratePart(model: QuantityModel, quantity: Rational, mirrors: boolean): Rated {
  if (mirrors && isNegative(quantity)) return mapAmounts(rateQuantity(model, negate(quantity)), negate)
  return rateQuantity(model, max(quantity, ZERO))
}

function rateQuantity(model: QuantityModel, quantity: Rational): Rated {
  switch (model.type) {
    case 'flat':
      return rateFlat(model, quantity)
    case 'unit':
      return rateUnit(model, quantity)
    case 'package':
      return ratePackage(model, quantity)
    case 'graduated':
      return rateGraduated(model, quantity)
    case 'volume':
      return rateVolume(model, quantity)
    case 'graduated_percentage':
      return rateGraduatedPercentage(model, quantity)
    case 'event_amounts':
      return rateEventAmounts(model, quantity)
    case 'block_tiers':
      return rateBlockTiers(model, quantity)
  }
}
