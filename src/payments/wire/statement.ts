import type { LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import type { Minor } from '../../kernel/money.ts'
import type { Payer } from '../payment.ts'
import { searchable } from '../token-search.ts'

export type StatementFormat = 'camt.052' | 'camt.053' | 'camt.054' | 'csv'

/** One line of a statement as the bank booked it: a single transfer, or a batch with its transfers as parts. */
export type Booking = {
  /** Minor units; negative for money that went out. */
  amount: Minor
  currency: string
  bookedOn: LocalDate
  /** The bank's own id of the line; null where it gives none. */
  bankReference: string | null
  /** False for what is only announced: it comes again when it is booked. */
  isBooked: boolean
  /** True for a correction of an earlier booking, and for a transfer that came back. */
  isReversal: boolean
  /** At least one; their amounts add up to the booking's. */
  parts: BookingPart[]
}

export type BookingPart = { amount: Minor; payer: Payer; reference: string }

/** What was read from a file. `account` is null where the format does not name it. */
export type Statement = { account: string | null; bookings: Booking[] }
export type StatementFile = { format: StatementFormat; statements: Statement[] }

/** A transfer on a statement, with an identity that is the same in every file that shows it. */
export type BankEntry = BookingPart & {
  id: string
  bookingId: string
  account: string
  bookedOn: LocalDate
  currency: string
  isBooked: boolean
  isReversal: boolean
}

/**
 * Gives every transfer of a statement its identity. The bank's reference tells a booking; where there is none, what it
 * says does. Equal bookings are counted within their statement: two genuine ones both remain, and the same statement
 * again, or the same bookings in another format, gives the same ids.
 */
export function identify(entityRef: string, { account, bookings }: Statement): BankEntry[] {
  const nthBooking = counter()
  return bookings.flatMap((booking) => {
    const identity = bookingIdentity(entityRef, account ?? '', booking)
    const bookingId = derivedId('bkg', ...identity, booking.isBooked ? nthBooking(identity) : 'announced')
    const nthPart = counter()
    return booking.parts.map((part) => {
      const partIdentity = booking.parts.length === 1 ? [] : [String(part.amount), part.reference]
      return {
        ...part,
        id: derivedId('ben', bookingId, ...partIdentity, nthPart(partIdentity)),
        bookingId,
        account: account ?? '',
        bookedOn: booking.bookedOn,
        currency: booking.currency,
        isBooked: booking.isBooked,
        isReversal: booking.isReversal,
      }
    })
  })
}

/** The account is left out beside a bank's reference, since a CSV file does not name it; the amount guards both. */
function bookingIdentity(entityRef: string, account: string, booking: Booking): string[] {
  const { bankReference, amount, currency, bookedOn, parts } = booking
  const money = [currency, String(amount)]
  if (bankReference) return [entityRef, 'reference', bankReference, ...money]
  const payers = parts.map(({ payer }) => payer.account ?? '').join(' ')
  const text = searchable(parts.map(({ reference }) => reference).join(' ')).characters
  return [entityRef, 'fingerprint', account, bookedOn, ...money, payers, text]
}

/** Counts how often it was asked for the same parts: 1, 2, 3 … */
function counter(): (parts: readonly string[]) => number {
  const counts = new Map<string, number>()
  return (parts) => {
    const key = JSON.stringify(parts)
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count
  }
}
