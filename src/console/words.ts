import type { PriceModel } from '../catalog/price.ts'
import type { BillingCycle, CycleUnit } from '../contracts/contract.ts'
import { currencyDigits } from '../kernel/currency.ts'

/** `accounts_receivable` as people write it: `Accounts receivable`. */
export const inWords = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).toLowerCase().replaceAll('_', ' ')

const PERIODS: Record<CycleUnit, string> = {
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  QUARTERLY: 'quarter',
  HALF_YEARLY: 'half-year',
  YEARLY: 'year',
}

/** `every month`, `every 2 weeks` */
export const cycleInWords = ({ unit, cycle }: BillingCycle): string =>
  cycle === 1 ? `every ${PERIODS[unit]}` : `every ${cycle} ${PERIODS[unit]}s`

/**
 * A price as one would say it, one sentence for each step.
 *
 * @example priceInWords({ type: 'unit', unit_amount: '0.0004' }, 'EUR', 'call') // ['€0.0004 per call']
 */
export function priceInWords(model: PriceModel, currency: string, unitName: string): string[] {
  const amount = (text: string) => displayPrice(text, currency)
  switch (model.type) {
    case 'flat':
      return [`${amount(model.amount)}, billed ${model.term === 'in_advance' ? 'in advance' : 'in arrears'}`]
    case 'unit':
      return [`${amount(model.unit_amount)} per ${unitName}`]
    case 'graduated':
      return model.tiers.map((tier, place) => {
        const from = model.tiers[place - 1]?.up_to ?? '0'
        const flat = Number(tier.flat_amount) === 0 ? '' : ` plus ${amount(tier.flat_amount)}`
        return `${tierInWords(from, tier.up_to)}: ${amount(tier.unit_amount)} per ${unitName}${flat}`
      })
  }
}

const tierInWords = (from: string, upTo: string | null): string => {
  if (upTo === null) return from === '0' ? 'All' : `Above ${figures(from)}`
  return from === '0' ? `First ${figures(upTo)}` : `Above ${figures(from)}, to ${figures(upTo)}`
}

const figures = (text: string): string =>
  new Intl.NumberFormat('en', { maximumFractionDigits: 30 }).format(text as `${number}`)

/** A unit price keeps all its digits, and has at least those of its currency. */
const displayPrice = (text: string, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: currencyDigits(currency),
    maximumFractionDigits: 30,
  }).format(text as `${number}`)
