import type { ModelOf, Price, PriceModel, PriceModifiers, Tier } from '../catalog/price.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { groupDigits } from '../kernel/digits.ts'
import { compare, decimal, isZero, ONE } from '../kernel/rational.ts'

/**
 * A price as one would say it, one sentence for each step.
 *
 * @example priceInWords({ model: { type: 'unit', unit_amount: '0.0004' } }, 'EUR', 'call') // ['€0.0004 per call']
 */
export const priceInWords = ({ model, modifiers }: Price, currency: string, unitName: string): string[] => {
  const words: Words = { unitName, money: (amount) => displayPrice(amount, currency) }
  return [...modelInWords(model, words), ...modifiersInWords(modifiers ?? {}, words)]
}

type Words = { unitName: string; money: (amount: string) => string }

function modelInWords(model: PriceModel, words: Words): string[] {
  const { unitName, money } = words
  switch (model.type) {
    case 'flat':
      return [`${money(model.amount)}, billed ${model.term === 'in_advance' ? 'in advance' : 'in arrears'}`]
    case 'unit':
      return [`${money(model.unit_amount)} per ${unitName}`]
    case 'package':
      return packageInWords(model, words)
    case 'graduated':
      return tiersInWords(model.tiers, (tier) => tierPrice(tier, words))
    case 'volume':
      return tiersInWords(model.tiers, (tier) => `${tierPrice(tier, words)}, for all`)
    case 'graduated_percentage':
      return tiersInWords(
        model.tiers,
        ({ rate_percent, flat_amount }) => `${rate_percent} %${plus(flat_amount, words)}`,
      )
    case 'percentage':
      return percentageInWords(model, words)
    case 'event_amounts':
      return [isOne(model.multiplier) ? 'Amounts of events' : `Amounts of events × ${model.multiplier}`]
    case 'matrix':
      return [
        ...model.rows.map((row, place) => `${row.name ?? `Row ${place + 1}`}: ${money(row.unit_amount)}`),
        `All other: ${money(model.default_unit_amount)}`,
      ]
    case 'block_tiers':
      return blocksInWords(model, words)
    case 'capacity':
      return model.tiers.map(({ limits, amount }) => `${limitsInWords(limits)}: ${money(amount)}`)
  }
}

function tiersInWords<T extends { up_to: string | null }>(
  tiers: readonly T[],
  price: (tier: T) => string,
): string[] {
  return tiers.map(
    (tier, place) => `${boundsInWords(tiers[place - 1]?.up_to ?? '0', tier.up_to)}: ${price(tier)}`,
  )
}

const boundsInWords = (from: string, upTo: string | null): string => {
  if (upTo === null) return from === '0' ? 'All' : `Above ${groupDigits(from)}`
  return from === '0' ? `First ${groupDigits(upTo)}` : `Above ${groupDigits(from)}, to ${groupDigits(upTo)}`
}

const tierPrice = (tier: Tier, words: Words): string =>
  `${words.money(tier.unit_amount)} per ${words.unitName}${plus(tier.flat_amount, words)}`

const plus = (amount: string, { money }: Words): string => (isNone(amount) ? '' : ` plus ${money(amount)}`)

function packageInWords(model: ModelOf<'package'>, { unitName, money }: Words): string[] {
  const price = `${money(model.package_amount)} per ${groupDigits(model.package_size)} of ${unitName}`
  const included = isNone(model.included_quantity) ? [] : [`${groupDigits(model.included_quantity)} included`]
  return [price, ...included]
}

function percentageInWords(model: ModelOf<'percentage'>, words: Words): string[] {
  const { free_amount: amount, free_events: events, min_per_event: least, max_per_event: most } = model
  return [
    `${model.rate_percent} %${plus(model.fixed_per_event, words)} per event`,
    ...(isNone(events) ? [] : [`First ${groupDigits(events)} events free`]),
    ...(isNone(amount) ? [] : [`First ${words.money(amount)} free`]),
    ...(least === null ? [] : [`At least ${words.money(least)} per event`]),
    ...(most === null ? [] : [`At most ${words.money(most)} per event`]),
  ]
}

const blocksInWords = ({ mode, tiers }: ModelOf<'block_tiers'>, { money }: Words): string[] =>
  tiers.map(({ block_size, max_blocks, block_amount }, place) => {
    const count = max_blocks === null || place === tiers.length - 1 ? 'Further' : groupDigits(max_blocks)
    const scope = mode === 'volume' ? ', for all' : ''
    return `${count} blocks of ${groupDigits(block_size)}: ${money(block_amount)} each${scope}`
  })

const limitsInWords = (limits: Record<string, string | null>): string => {
  const bounds = Object.entries(limits).flatMap(([unit, limit]) =>
    limit === null ? [] : [`${groupDigits(limit)} ${unit}`],
  )
  return bounds.length === 0 ? 'Any' : `Up to ${bounds.join(', ')}`
}

function modifiersInWords(modifiers: PriceModifiers, { unitName, money }: Words): string[] {
  const { unit_conversion: conversion, included_quantity: included, usage_discount: given } = modifiers
  const { amount_discount: off, percent_discount: rate } = modifiers
  const { maximum_amount: most, minimum_amount: least } = modifiers
  const sentences = [
    conversion && `Quantity ${conversion.op === 'multiply' ? '×' : '÷'} ${groupDigits(conversion.factor)}`,
    included && `${groupDigits(included)} ${unitName} included`,
    given && `${groupDigits(given)} ${unitName} given away`,
    off && `${money(off)} off`,
    rate && `${rate} % off`,
    most && `At most ${money(most)}`,
    least && `At least ${money(least)}`,
  ]
  return sentences.filter((sentence) => sentence !== undefined)
}

const isNone = (text: string): boolean => isZero(decimal(text))

const isOne = (text: string): boolean => compare(decimal(text), ONE) === 0

/** A unit price keeps all its digits, and has at least those of its currency. */
const displayPrice = (text: string, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: currencyDigits(currency),
    maximumFractionDigits: 30,
  }).format(text as `${number}`)
