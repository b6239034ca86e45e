import type { Price, UnitConversion } from '../catalog/price.ts'
import {
  add,
  decimal,
  divide,
  max,
  min,
  multiply,
  type Rational,
  roundToPlaces,
  subtract,
  ZERO,
} from '../kernel/rational.ts'
import { mapQuantities, type RatedUsage } from './rated-usage.ts'

/**
 * The quantity that a price is asked for: converted to the unit that is sold and rounded, then without the units that
 * are included or given away. Of several parts the earlier ones use those up; single events are parts only for a price
 * that looks at each.
 *
 * @example 1,400 calls by the thousand, rounded up, with 0.5 given away: ⌈1.4⌉ − 0.5 = 1.5
 */
export function billableUsage({ model, modifiers = {} }: Price, usage: RatedUsage): RatedUsage {
  const change = billableUnits({ model, modifiers })
  if (!change || usage.paid) return usage
  const looksAtEvents = model.type === 'percentage' || model.type === 'capacity' || model.type === 'matrix'
  return mapQuantities(looksAtEvents ? usage : { ...usage, events: undefined }, change)
}

/** What becomes of the quantities of a period, told one after the other; undefined where they stay as they are. */
export function billableUnits({
  model,
  modifiers = {},
}: Price): ((quantity: Rational) => Rational) | undefined {
  const { unit_conversion: conversion } = modifiers
  let free = add(decimal(modifiers.included_quantity ?? '0'), decimal(modifiers.usage_discount ?? '0'))
  if (model.type === 'package') free = add(free, decimal(model.included_quantity))
  if (!conversion && free.num === 0n) return undefined
  return (quantity) => {
    const units = conversion ? convert(quantity, conversion) : quantity
    const taken = min(free, max(units, ZERO))
    free = subtract(free, taken)
    return subtract(units, taken)
  }
}

function convert(quantity: Rational, { op, factor, rounding }: UnitConversion): Rational {
  const units = (op === 'multiply' ? multiply : divide)(quantity, decimal(factor))
  return rounding === 'none' ? units : roundToPlaces(units, 0, rounding)
}
