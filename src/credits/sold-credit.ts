import type { CreditTerms, SoldCredit } from '../catalog/credit-terms.ts'
import { type LocalDate, localDate } from '../kernel/calendar.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { decimal, divide, multiply, type Rational, rational, roundToInteger } from '../kernel/rational.ts'
import type { CreditGrant, Recurrence } from './grant.ts'
import { occurrenceStart } from './recurrence.ts'

/** The database keeps amounts as JavaScript numbers; no price comes near to it. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The credit that a price buys, in minor units: rounded once, half up, and never less than the price, since terms grant at
 * least what is paid.
 *
 * @example 1,000.00 for 1,200.00 of credit: a fee of 500.00 for half a month buys 600.00
 */
export function creditFor({ paid, granted }: CreditTerms, price: Minor): Minor {
  const amount = roundToInteger(multiply(rational(price), divide(decimal(granted), decimal(paid))), 'half_up')
  return amount < MOST ? amount : MOST
}

/** The line of an invoice that sells credit. Amounts are minor units. */
export type SoldLine = Pick<
  CreditGrant,
  'customerRef' | 'entityRef' | 'timezone' | 'currency' | 'name' | 'costBasis'
> & {
  id: string
  invoiceId: string
  credit: SoldCredit
  isTaxed: boolean
  serviceStart: LocalDate
  serviceEnd: LocalDate
  issuedAt: number
}

/**
 * The grant that a line sells, one for each line whoever makes it again. What the line costs after discounts and without
 * tax is its cost basis, and its entry (Cr customer credit) is that of the invoice.
 */
export function soldGrant({
  id,
  credit,
  isTaxed,
  issuedAt,
  serviceStart,
  serviceEnd,
  ...line
}: SoldLine): CreditGrant {
  const { timezone, currency } = line
  const amount = BigInt(credit.amount)
  const period = periodOf(
    credit,
    anchorOf({ serviceStart, serviceEnd }, localDate(issuedAt, timezone)),
    currency,
  )
  return {
    ...line,
    ref: derivedId('cg', 'line', id),
    kind: 'paid',
    amount,
    moneyAccount: null,
    beforeTax: credit.before_tax ?? isTaxed,
    priority: credit.priority,
    effectiveAt: issuedAt,
    expiresAt: period && occurrenceStart(period, timezone, 1),
    billedWithinDays: credit.billed_within_days,
    contractRefs: null,
    productRefs: credit.product_refs ?? null,
    overage: credit.overage,
    expectedUse: expectedUseOf(credit, amount),
    recurrence: period?.rollover ? period : null,
    source: 'invoice',
    sourceId: id,
    onPayment: credit.available === 'on_payment',
    occurrence: 0,
    createdAt: issuedAt,
  }
}

/** Credit that is billed ahead is good from the first day of its service on, any other from the day of issue on. */
const anchorOf = (
  service: { serviceStart: LocalDate; serviceEnd: LocalDate },
  issueDate: LocalDate,
): LocalDate => (service.serviceEnd > issueDate ? service.serviceStart : issueDate)

function periodOf(
  { expires_after, rollover }: CreditTerms,
  anchor: LocalDate,
  currency: string,
): Recurrence | null {
  if (!expires_after) return null
  const { unit, cycle: every } = expires_after
  const cap = rollover?.cap === undefined ? null : capOf(decimal(rollover.cap), currency)
  return {
    unit,
    every,
    anchor,
    until: null,
    rollover: rollover ? { sharePercent: rollover.share_percent, cap } : null,
  }
}

/** A product knows no currency: what is finer than that of the invoice is dropped. */
const capOf = (cap: Rational, currency: string): string =>
  roundToInteger(multiply(cap, rational(10n ** BigInt(currencyDigits(currency)))), 'floor').toString()

function expectedUseOf({ expected_use_percent: percent }: CreditTerms, amount: Minor): Minor | null {
  if (percent === undefined) return null
  const used = roundToInteger(multiply(rational(amount), divide(decimal(percent), rational(100n))), 'half_up')
  return used > 0n ? used : 1n
}
