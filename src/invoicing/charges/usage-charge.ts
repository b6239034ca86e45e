import { pricesTheWhole } from '../../catalog/price-faults.ts'
import type { ContractProduct } from '../../contracts/contract.ts'
import { prorationFactor, servicePeriod } from '../../contracts/periods/proration.ts'
import { cyclePeriod, type DatePeriod } from '../../contracts/periods/schedule.ts'
import { paidStart } from '../../contracts/periods/trial.ts'
import { priceOn } from '../../contracts/terms/price-schedule.ts'
import { addDays, monthOf } from '../../kernel/calendar.ts'
import { type Minor, toMinor } from '../../kernel/money.ts'
import {
  add,
  decimal,
  divide,
  isZero,
  multiply,
  type Rational,
  subtract,
  ZERO,
} from '../../kernel/rational.ts'
import { rate } from '../../rating/rate.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'
import type { LineDetail } from '../invoice.ts'
import { accumulatedPrice } from './accumulated.ts'
import {
  type AgreedTerms,
  agreedProducts,
  type BilledProduct,
  type Charge,
  type ChargeBasis,
  lineDetail,
  type PriceBasis,
} from './charge.ts'
import { ratedUsage, type UsageOfCycle, usageUpTo } from './usage-of-cycle.ts'

export type PricedUsage = { amount: Minor; byMonth: Record<string, Minor>; detail: LineDetail[] }

/** A usage product with the price that holds for it in one cycle, and the days of the cycle it is billed for. */
export type UsagePrice = { agreed: ContractProduct; product: BilledProduct; service: DatePeriod }

/** One charge for each usage product that is billed after its cycle. Nothing used and nothing to pay makes no line. */
export function usageCharges(basis: ChargeBasis, sealed: SealedUsage): Charge[] {
  const used = new Map(sealed.products.map((usage) => [usage.productRef, usage]))
  return usagePrices(basis, sealed.cycleNo).flatMap(({ agreed, product, service }) => {
    const usage = used.get(product.ref)
    if (!usage || agreed.bill) return []
    const priced = priceUsage(basis, agreed, usage, sealed.cycleNo)
    if (priced.amount === 0n && isZero(decimal(usage.quantity))) return []
    return {
      kind: 'usage' as const,
      productRef: product.ref,
      description: product.name,
      serviceStart: service.start,
      serviceEnd: service.end,
      serviceCycleNo: sealed.cycleNo,
      quantity: usage.quantity,
      unitAmount:
        agreed.model.type === 'unit' && !agreed.modifiers && !agreed.accumulate
          ? agreed.model.unit_amount
          : null,
      amount: priced.amount,
      detail: priced.detail.length > 1 || agreed.modifiers ? priced.detail : [],
      usageByMonth: asText(priced.byMonth),
    }
  })
}

/** The usage products billed in the n-th cycle: one price each, that of the cycle's first day. */
export const usagePrices = (basis: AgreedTerms, n: number): UsagePrice[] =>
  agreedProducts(basis, 'usage').flatMap(({ agreed, product }) => {
    const service = servicePeriod(basis.terms, n, paidStart(agreed), agreed.billing_end_date)
    return service ? [{ agreed: priceOn(basis.terms, agreed, service.start), product, service }] : []
  })

/**
 * Prices all usage of a product in a cycle: one total, one rounding; limits shrink with a part of a cycle. While the cycle
 * is `open` nothing is due that hangs on its end.
 */
export function priceUsage(
  basis: PriceBasis,
  agreed: ContractProduct,
  usage: UsageOfCycle,
  cycleNo: number,
  state: 'open' | 'closed' = 'closed',
): PricedUsage {
  const { terms, rounding } = basis
  const lastMonth = () => monthOf(addDays(cyclePeriod(terms, cycleNo).end, -1))
  if (agreed.accumulate) {
    const { priceOf, detailOf } = accumulatedPrice(basis, agreed, cycleNo)
    const used = decimal(usage.quantity)
    const amount = priceOf(used)
    const byMonth = byMonthOfUse(usage.byMonth, lastMonth, amount, priceOf)
    return { amount, byMonth, detail: detailOf(used) }
  }
  const factor = prorationFactor(terms, cycleNo, agreed.billing_start_date, agreed.billing_end_date)
  const whole = rate(agreed, ratedUsage(usage), { factor, state })
  const amount = toMinor(whole.amount, terms.currency, rounding)
  const ofUse = subtract(whole.amount, whole.minimumTopUp)
  const upTo = (used: Rational, month: string): Minor =>
    toMinor(priceUpTo(agreed, usage, { used, month }, ofUse, factor), terms.currency, rounding)
  return {
    amount,
    byMonth: byMonthOfUse(usage.byMonth, lastMonth, amount, upTo),
    detail: lineDetail(whole.detail, amount, terms.currency),
  }
}

/**
 * What the usage up to a month's end costs alone. Of a price that only the whole has, and of usage in groups, which are
 * known of the whole cycle only, it is the share by quantity.
 */
function priceUpTo(
  agreed: ContractProduct,
  usage: UsageOfCycle,
  { used, month }: { used: Rational; month: string },
  whole: Rational,
  factor: Rational,
): Rational {
  if (!usage.groups && !pricesTheWhole(agreed.model)) {
    return rate(agreed, usageUpTo(usage, used, month), { factor, state: 'open' }).amount
  }
  const total = decimal(usage.quantity)
  return isZero(total) ? ZERO : multiply(whole, divide(used, total))
}

/**
 * The months split the amount of a line by the price of the usage up to each month's end, so that tiers are used up in
 * order of time; each running price is rounded, so the months add up to the line. A minimum belongs to the last one.
 */
function byMonthOfUse(
  quantities: Record<string, string>,
  lastMonth: () => string,
  amount: Minor,
  upTo: (used: Rational, month: string) => Minor,
): Record<string, Minor> {
  const months = Object.keys(quantities).sort()
  if (months.length === 0) return { [lastMonth()]: amount }
  const byMonth: Record<string, Minor> = {}
  let used = ZERO
  let billed = 0n
  for (const month of months) {
    used = add(used, decimal(quantities[month] ?? '0'))
    const soFar = month === months.at(-1) ? amount : upTo(used, month)
    byMonth[month] = soFar - billed
    billed = soFar
  }
  return byMonth
}

/** Months with nothing in them are left out. */
export const asText = (byMonth: Record<string, Minor>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(byMonth).flatMap(([month, amount]) => (amount === 0n ? [] : [[month, amount.toString()]])),
  )
