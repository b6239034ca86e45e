import { formatMoney, type Minor } from '../../kernel/money.ts'
import { decimal, formatDecimal, subtract } from '../../kernel/rational.ts'
import type { Charge, ChargeBasis } from './charge.ts'
import { asText, priceUsage, type UsagePrice, usagePrices } from './usage-charge.ts'
import type { BilledUsage, UsageTotal } from './usage-total.ts'

/** The charge for a corrected total; the total stays with it, to come again if this invoice cannot take it. */
export type Adjustment = { charge: Charge; total: UsageTotal }

/**
 * Bills what usage of earlier cycles has changed since it was billed: price(corrected total) − what was billed, both
 * rounded before the subtraction, so nothing is lost between runs. A difference may be negative. Zero makes no line, unless
 * usage has moved from one month to another: then a line of nothing moves its revenue there.
 */
export function usageAdjustments(
  basis: ChargeBasis,
  totals: readonly UsageTotal[],
  billed: readonly BilledUsage[],
): Adjustment[] {
  return totals.flatMap((total) =>
    usagePrices(basis, total.cycleNo)
      .filter(({ product }) => product.ref === total.productRef)
      .flatMap((price) => adjustment(basis, price, total, billedFor(billed, total))),
  )
}

function adjustment(
  basis: ChargeBasis,
  { agreed, product, service }: UsagePrice,
  total: UsageTotal,
  before: BilledUsage,
): Adjustment[] {
  const priced = priceUsage(basis, agreed, total, total.cycleNo)
  const byMonth = difference(priced.byMonth, before.byMonth)
  const isSame = priced.amount === before.amount && Object.values(byMonth).every((part) => part === 0n)
  // What was charged as it happened is not given back: what is taken away later was charged for.
  if (isSame || (agreed.bill && priced.amount < before.amount)) return []
  const charge: Charge = {
    kind: 'usage_adjustment',
    productRef: product.ref,
    description: `${product.name}: correction of earlier usage`,
    serviceStart: service.start,
    serviceEnd: service.end,
    serviceCycleNo: total.cycleNo,
    quantity: formatDecimal(subtract(decimal(total.quantity), decimal(before.quantity))),
    unitAmount: null,
    amount: priced.amount - before.amount,
    detail: adjustmentDetail(total, priced.amount, before, basis.terms.currency),
    usageByMonth: asText(byMonth),
    taxes: before.taxes,
  }
  return [{ charge, total }]
}

/** Corrected totals held back by the invoice before, replaced by what is newer. */
export function latestTotals(
  heldBack: readonly UsageTotal[],
  corrections: readonly UsageTotal[],
): UsageTotal[] {
  const identity = ({ cycleNo, productRef }: UsageTotal) => JSON.stringify([cycleNo, productRef])
  const latest = new Map([...heldBack, ...corrections].map((total) => [identity(total), total]))
  return [...latest.values()].sort((a, b) => a.cycleNo - b.cycleNo)
}

/** What was billed for the usage of a product in a cycle. */
export const billedFor = (
  billed: readonly BilledUsage[],
  { cycleNo, productRef }: Pick<UsageTotal, 'cycleNo' | 'productRef'>,
): BilledUsage =>
  billed.find((one) => one.cycleNo === cycleNo && one.productRef === productRef) ?? {
    productRef,
    cycleNo,
    quantity: '0',
    amount: 0n,
    byMonth: {},
  }

/** What months have now beyond what they had before. */
export function difference(now: Record<string, Minor>, before: Record<string, Minor>): Record<string, Minor> {
  const months = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort()
  return Object.fromEntries(months.map((month) => [month, (now[month] ?? 0n) - (before[month] ?? 0n)]))
}

/** The rows behind what a total costs beyond what was billed of it. */
export const adjustmentDetail = (total: UsageTotal, amount: Minor, before: BilledUsage, currency: string) => [
  {
    description: 'All usage of the period',
    quantity: total.quantity,
    unit_amount: '',
    amount: formatMoney(amount, currency),
  },
  {
    description: 'Billed before',
    quantity: formatDecimal(subtract(decimal('0'), decimal(before.quantity))),
    unit_amount: '',
    amount: formatMoney(-before.amount, currency),
  },
]
