import { partOf } from '../../contracts/periods/proration.ts'
import { cycleOn, type DatePeriod, lastBoundary } from '../../contracts/periods/schedule.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { formatMoney, type Minor, toMinor } from '../../kernel/money.ts'
import {
  decimal,
  formatDecimal,
  isZero,
  negate,
  type Rational,
  roundToInteger,
  subtract,
} from '../../kernel/rational.ts'
import { rate } from '../../rating/rate.ts'
import { ofQuantity } from '../../rating/rated-usage.ts'
import type { Charge, ChargeBasis } from './charge.ts'
import { creditShares } from './credit-shares.ts'
import { feeLine, partInWords, priceKey } from './fee-charge.ts'
import type { FeeStretch } from './fee-stretch.ts'
import type { PaidLine, PaidPart } from './paid-part.ts'

/** Some days of a whole period of a product, and what can still be credited of what was billed for it. */
export type ChangedDays = { basis: ChargeBasis; days: DatePeriod; whole: DatePeriod; creditable: Minor }

/** The given quantity of what was billed, with the taxes and less the percents that it was billed with. */
export function creditLines(part: ChangedDays, paid: PaidPart, quantity: Rational): Charge[] {
  let { creditable } = part
  return creditShares(part.basis.terms, paid, quantity).flatMap((share) => {
    const amount = least(roundToInteger(share.amount, part.basis.rounding), creditable)
    if (amount <= 0n) return []
    creditable -= amount
    return creditLine(part, share, -amount)
  })
}

function creditLine(
  { basis, days, whole }: ChangedDays,
  { line, quantity }: PaidLine,
  amount: Minor,
): Charge {
  const { terms } = basis
  const taken = formatDecimal(negate(quantity))
  const row = {
    description: `Billed before and not used${partInWords(partOf(terms, days, whole))}`,
    quantity: taken,
    unit_amount: line.unitAmount ?? '',
    amount: formatMoney(amount, terms.currency),
  }
  return {
    ...lineOf(basis, line.productRef, days, 'credit for unused days'),
    quantity: taken,
    unitAmount: line.unitAmount,
    priceKey: line.priceKey ?? null,
    amount,
    detail: [row],
    ...(line.taxes && { taxes: withoutAmounts(line.taxes) }),
    discountedAs: { day: line.serviceStart, cycleNo: line.serviceCycleNo },
  }
}

/** What the quantity costs above the part of it that was billed before. */
export function chargeLine(
  { basis, days, whole }: ChangedDays,
  { agreed, product }: FeeStretch,
  before: Rational,
): Charge[] {
  const { terms, rounding } = basis
  const factor = partOf(terms, days, whole)
  const all = decimal(agreed.quantity)
  const added = { ...agreed, quantity: formatDecimal(subtract(all, before)) }
  const cost = (quantity: Rational) => rate(agreed, ofQuantity(quantity), { factor }).amount
  const line = feeLine(basis, added, factor)
  const amount = isZero(before)
    ? line.amount
    : toMinor(subtract(cost(all), cost(before)), terms.currency, rounding)
  const words = isZero(before) ? undefined : 'added'
  const detail = amount === line.amount ? line.detail : []
  return [
    {
      ...lineOf(basis, product.ref, days, words),
      ...line,
      priceKey: priceKey(agreed),
      amount,
      detail,
    },
  ]
}

const lineOf = ({ products, terms }: ChargeBasis, ref: string, days: DatePeriod, words?: string) => {
  const name = products.get(ref)?.name ?? ref
  return {
    kind: 'change' as const,
    productRef: ref,
    description: words === undefined ? name : `${name}: ${words}`,
    serviceStart: days.start,
    serviceEnd: days.end,
    serviceCycleNo: Math.min(cycleOn(terms, days.start), lastBoundary(terms) ?? Number.POSITIVE_INFINITY),
    usageByMonth: {},
  }
}

const least = (amount: Minor, most: Minor): Minor => {
  const limit = most > 0n ? most : 0n
  return amount < limit ? amount : limit
}

const withoutAmounts = (taxes: readonly AgreedTax[]): AgreedTax[] =>
  taxes.map(({ name, percent, inclusive, reason, note }) => ({ name, percent, inclusive, reason, note }))
