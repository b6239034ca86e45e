import { add, decimal, formatDecimal, multiply, type Rational } from '../kernel/rational.ts'
import type { Price, PriceModel, PriceModifiers } from './price.ts'

/**
 * A price with each of its amounts multiplied: unit prices, flat amounts, and the amounts of its discount, maximum and
 * minimum. Quantities, bounds, rates and percentages stay. Amounts keep 30 decimals.
 *
 * @example a tier of 0.10 with a flat amount of 5, times 1.03: 0.103 and 5.15
 */
export function scaledPrice({ model, modifiers }: Price, factor: Rational): Price {
  const change = (text: string) => formatDecimal(multiply(decimal(text), factor))
  return {
    model: withAmounts(model, change),
    ...(modifiers && { modifiers: withLimits(modifiers, change) }),
  }
}

/** A price of one amount with that amount raised, in major units. Modifiers stay. */
export function raisedPrice({ model, modifiers }: Price, by: Rational): Price {
  const raised = withAmounts(model, (text) => formatDecimal(add(decimal(text), by)))
  return { model: hasOneAmount(model) ? raised : model, ...(modifiers && { modifiers }) }
}

/** True for a price that is a single amount, so that an amount can be added to it. */
export const hasOneAmount = ({ type }: PriceModel): boolean =>
  type === 'flat' || type === 'unit' || type === 'package'

/** True for a price that is a rate on amounts, which has no amounts of its own to raise. */
export const isRate = ({ type }: PriceModel): boolean =>
  type === 'percentage' || type === 'graduated_percentage' || type === 'event_amounts'

type Change = (amount: string) => string

function withAmounts(model: PriceModel, change: Change): PriceModel {
  switch (model.type) {
    case 'flat':
      return { ...model, amount: change(model.amount) }
    case 'unit':
      return { ...model, unit_amount: change(model.unit_amount) }
    case 'package':
      return { ...model, package_amount: change(model.package_amount) }
    case 'graduated':
    case 'volume':
      return {
        ...model,
        tiers: model.tiers.map((tier) => ({
          ...tier,
          unit_amount: change(tier.unit_amount),
          flat_amount: change(tier.flat_amount),
        })),
      }
    case 'matrix':
      return {
        ...model,
        rows: model.rows.map((row) => ({ ...row, unit_amount: change(row.unit_amount) })),
        default_unit_amount: change(model.default_unit_amount),
      }
    case 'block_tiers':
      return {
        ...model,
        tiers: model.tiers.map((tier) => ({ ...tier, block_amount: change(tier.block_amount) })),
      }
    case 'capacity':
      return { ...model, tiers: model.tiers.map((tier) => ({ ...tier, amount: change(tier.amount) })) }
    case 'percentage':
    case 'graduated_percentage':
    case 'event_amounts':
      return model
  }
}

function withLimits(modifiers: PriceModifiers, change: Change): PriceModifiers {
  const { amount_discount: off, maximum_amount: most, minimum_amount: least } = modifiers
  return {
    ...modifiers,
    ...(off !== undefined && { amount_discount: change(off) }),
    ...(most !== undefined && { maximum_amount: change(most) }),
    ...(least !== undefined && { minimum_amount: change(least) }),
  }
}
