import type { LocalDate } from '../../kernel/calendar.ts'
import { fromMinor, type Minor, toMinor } from '../../kernel/money.ts'
import { decimal, multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import { debit, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import type { Payment } from '../payment.ts'

/** The tokens of a payment, at par: `amount` is that of the payment, in minor units of the currency. */
export type TokenReceipt = {
  paymentId: string
  /** The symbol, in capitals. */
  token: string
  currency: string
  receivedOn: LocalDate
  amount: Minor
}

/** What tokens were worth on the day they came; `valued` is the part that was still there when that was known. */
export type Valuation = { rate: string; valued: Minor; fairValue: Minor; valuedAt: number }

/**
 * What the tokens of a payment are carried at: their fair value on receipt. What had left before the rate was known left
 * at par, and is not valued. Rounded half up, once.
 *
 * @param refunded what was paid back before, minor units
 * @example 1,000.00 USD in USDC, 100.00 refunded, a rate of 0.9987: 900.00 are carried at 898.83
 */
export function valuationOf(
  receipt: TokenReceipt,
  refunded: Minor,
  rate: string,
  valuedAt: number,
): Valuation {
  const valued = receipt.amount - refunded
  const fairValue = toMinor(multiply(fromMinor(valued, receipt.currency), decimal(rate)), receipt.currency)
  return { rate, valued, fairValue, valuedAt }
}

/**
 * Takes tokens from par to their fair value: Dr crypto assets / Cr exchange gain, or the other way round. The payment
 * settles at its face all the same. None for tokens that are worth just that.
 */
export function valuedEntries(
  payment: Payment,
  { token }: TokenReceipt,
  { rate, valued, fairValue, valuedAt }: Valuation,
): JournalEntry[] {
  if (fairValue === valued) return []
  const dimensions = payment.customerRef === null ? {} : { customerRef: payment.customerRef }
  return [
    journalEntry({
      entityRef: payment.entityRef,
      currency: payment.currency,
      postingDate: payment.receivedOn,
      event: 'tokens_valued',
      sourceId: payment.id,
      description: `${token} at ${rate} ${payment.currency}`,
      recordedAt: valuedAt,
      postings: [
        debit('crypto_assets', fairValue - valued, dimensions),
        debit('fx_gain_loss', valued - fairValue, dimensions),
      ],
    }),
  ]
}

/** What is left of valued tokens, at par and as it is carried; minor units. */
export type HeldTokens = { amount: Minor; carried: Minor }

/** What tokens that leave were carried at: their share, and the last ones all that is left. */
export const carriedShare = ({ amount, carried }: HeldTokens, leaving: Minor): Minor =>
  leaving >= amount ? carried : roundToInteger(rational(carried * leaving, amount))
