import type { AgreedDiscount } from '../contracts/contract.ts'
import { cycleOn, lastBoundary } from '../contracts/periods/schedule.ts'
import { type CommitmentWindow, windowOfCycle } from '../contracts/terms/commitment.ts'
import { assembleCharges } from '../invoicing/assembly/agreed-assembly.ts'
import type { Charge } from '../invoicing/charges/charge.ts'
import { recurringCharges, trialEndCharges } from '../invoicing/charges/fee-charge.ts'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum, toMinor } from '../kernel/money.ts'
import { decimal, multiply } from '../kernel/rational.ts'
import { hasFixedTerm } from '../revenue/accounting/service.ts'
import type { Agreement } from './fixed-fees.ts'
import type { OpenWindow } from './usage-remaining.ts'

/** What usage of a product, or what its commitment adds, has earned of a cycle, before discounts; minor units. */
export type CountedUsage = { cycleNo: number; productRef: string; isTrueUp: boolean; amount: Minor }

/** True for a contract with a minimum that is billed where it is not filled, up to an end that nobody can move alone. */
export const hasMinimum = ({ contract: { terms } }: Pick<Agreement, 'contract'>): boolean =>
  hasFixedTerm(terms) && (terms.commitments ?? []).some(({ true_up }) => true_up)

/**
 * The windows of a contract's minimum commitments that are not over at the end of a day, with what is still to be filled:
 * the committed amount less all fees of the window, billed or not, and less what usage, and the minimum itself, have
 * earned of it so far. What is left is told as revenue: without the percents off it, and without a tax inside.
 *
 * @example 100.00 committed for a quarter, a fee of 10.00 a month, and 25.00 used so far: 45.00
 */
export function openWindows(
  agreement: Agreement,
  asOf: LocalDate,
  counted: readonly CountedUsage[],
): OpenWindow[] {
  const { terms } = agreement.contract
  const last = lastBoundary(terms) ?? 0
  const windows: OpenWindow[] = []
  for (let n = cycleOn(terms, addDays(asOf, 1)); n <= last; ) {
    const window = windowOfCycle(terms, n)
    if (window?.commitment.true_up) windows.push(openWindow(agreement, window, counted))
    n = Math.max(window?.last ?? n, n) + 1
  }
  return windows
}

function openWindow(
  agreement: Agreement,
  window: CommitmentWindow,
  counted: readonly CountedUsage[],
): OpenWindow {
  const { commitment, factor, first, last, start, end } = window
  const { currency } = agreement.contract.terms
  const productRef = commitment.quantity === undefined ? undefined : (commitment.product_ref ?? '')
  const isHeld = (one: { productRef: string }) => productRef === undefined || one.productRef === productRef
  const used = counted.filter(
    (one) => first <= one.cycleNo && one.cycleNo <= last && (one.isTrueUp || isHeld(one)),
  )
  const fees = feesWithin(agreement, window).filter(isHeld)
  const committed = toMinor(multiply(decimal(commitment.amount), factor), currency, agreement.rounding)
  const left = committed - sum([...fees, ...used].map(({ amount }) => amount))
  return { start, end, productRef, left: left > 0n ? asRevenue(agreement, window, left) : 0n }
}

/** The fees that count in the cycles of a window, by the functions that bill. */
function feesWithin(
  { contract: { terms }, products, rounding }: Agreement,
  { first, last }: CommitmentWindow,
): Charge[] {
  const basis = { terms, products, rounding }
  const boundaries = Array.from({ length: last - first + 2 }, (_, place) => first - 1 + place)
  return boundaries
    .flatMap((k) => [...recurringCharges(basis, k), ...trialEndCharges(basis, k)])
    .filter(({ serviceCycleNo: n }) => first <= n && n <= last)
    .filter((fee) => !products.get(fee.productRef)?.grantsCredit)
}

/** As the line of the commitment that would bill it; fixed amounts are off other lines. */
function asRevenue(
  { contract, products, rounding }: Agreement,
  window: CommitmentWindow,
  left: Minor,
): Minor {
  const { commitment, start, end, last } = window
  const { terms } = contract
  const productRef = commitment.product_ref ?? terms.products[0]?.product_ref ?? ''
  const line: Charge = {
    ...{ kind: 'true_up', productRef, description: '', quantity: '1', unitAmount: null, detail: [] },
    ...{ serviceStart: start, serviceEnd: end, serviceCycleNo: last, usageByMonth: {}, amount: left },
  }
  const isPercent = ({ type }: AgreedDiscount) => type === 'percent'
  const agreed = { ...terms, discounts: (terms.discounts ?? []).filter(isPercent) }
  const basis = { contract: { terms: agreed, nextCycle: last }, seller: { rounding }, products }
  return assembleCharges(basis, [line]).lines[0]!.netAmount
}
