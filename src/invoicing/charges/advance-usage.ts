import { decimal, formatDecimal, subtract } from '../../kernel/rational.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'
import type { AgreedTerms, Charge, ChargeBasis } from './charge.ts'
import { adjustmentDetail, billedFor, difference } from './usage-adjustment.ts'
import { asText, priceUsage, usagePrices } from './usage-charge.ts'
import type { BilledUsage } from './usage-total.ts'

/** The products whose usage in a cycle is charged as it happens. */
export const chargedAsItHappens = (basis: AgreedTerms, cycleNo: number): string[] =>
  cycleNo < 1
    ? []
    : usagePrices(basis, cycleNo).flatMap(({ agreed, product }) => (agreed.bill ? [product.ref] : []))

/**
 * Charges usage as it happens: the price of the cycle so far less what was billed of it, both rounded before the
 * subtraction, so that the lines of a cycle add up to its price however often it is looked at. Nothing is given back:
 * what is taken back refunds nothing, and what comes again up to the highest total is free. While the cycle is open a
 * minimum is not judged.
 *
 * @example 1 a unit; 10, then 6, then 14 used so far: 10, 0, 4
 */
export function advanceUsageCharges(
  basis: ChargeBasis,
  { cycleNo, products }: Pick<SealedUsage, 'cycleNo' | 'products'>,
  billed: readonly BilledUsage[],
  state: 'open' | 'closed',
): Charge[] {
  return usagePrices(basis, cycleNo).flatMap(({ agreed, product, service }) => {
    if (!agreed.bill) return []
    const usage = products.find(({ productRef }) => productRef === product.ref)
    if (!usage) return []
    const total = { ...usage, cycleNo }
    const before = billedFor(billed, total)
    const priced = priceUsage(basis, agreed, usage, cycleNo, state)
    if (priced.amount <= before.amount) return []
    const isFirst = before.amount === 0n
    return {
      kind: 'usage' as const,
      productRef: product.ref,
      description: product.name,
      serviceStart: service.start,
      serviceEnd: service.end,
      serviceCycleNo: cycleNo,
      quantity: formatDecimal(subtract(decimal(usage.quantity), decimal(before.quantity))),
      unitAmount: null,
      amount: priced.amount - before.amount,
      detail: isFirst ? priced.detail : adjustmentDetail(total, priced.amount, before, basis.terms.currency),
      usageByMonth: asText(difference(priced.byMonth, before.byMonth)),
      ...(before.taxes && { taxes: before.taxes }),
    }
  })
}
