import { arrivedPayout, type ExpectedPayout } from './payout-arrival.ts'
import type { BankEntry } from './statement.ts'

/** What is to be done with an entry; `explanation` is empty where the matcher will give one. */
export type PlannedEntry = {
  entry: BankEntry
  standing: 'incoming' | 'not_incoming' | 'payout' | 'announced' | 'already_known'
  explanation: string
  /** The payout that it is the arrival of. */
  payoutRef?: string | undefined
}

/** An entry that an earlier file, or an earlier statement of this file, has brought. */
export type KnownEntry = { id: string; bookingId: string }

/**
 * Sorts the entries of a file: what comes in becomes a payment, everything else is only kept. A batch that is known as
 * one sum is known as its transfers too, and the other way round: banks show it both ways in different messages. The
 * arrival of a payout is in the books as cash already; each is taken once.
 */
export function planImport(
  entries: readonly BankEntry[],
  known: readonly KnownEntry[],
  payouts: readonly ExpectedPayout[] = [],
): PlannedEntry[] {
  const arrived = new Set<ExpectedPayout>()
  const knownIds = new Set(known.map(({ id }) => id))
  const knownBookings = new Set(known.map(({ bookingId }) => bookingId))
  const sameParts = new Set(entries.filter(({ id }) => knownIds.has(id)).map(({ bookingId }) => bookingId))
  return entries.map((entry) => {
    if (!entry.isBooked) return { entry, standing: 'announced', explanation: ANNOUNCED }
    const inOtherParts = knownBookings.has(entry.bookingId) && !sameParts.has(entry.bookingId)
    const isKnown = knownIds.has(entry.id) || inOtherParts
    knownIds.add(entry.id)
    const reason = whyNotIncoming(entry)
    if (isKnown) return { entry, standing: 'already_known', explanation: reason || KNOWN }
    const payout = reason
      ? undefined
      : arrivedPayout(
          entry,
          payouts.filter((one) => !arrived.has(one)),
        )
    if (payout) {
      arrived.add(payout)
      const explanation = `The payout ${payout.processorRef} of Stripe has arrived.`
      return { entry, standing: 'payout', explanation, payoutRef: payout.processorRef }
    }
    return { entry, standing: reason ? 'not_incoming' : 'incoming', explanation: reason }
  })
}

const ANNOUNCED = 'Only announced; it comes again when the bank has booked it.'
const KNOWN = 'An earlier file has brought this entry.'

function whyNotIncoming({ amount, isReversal }: BankEntry): string {
  if (amount === 0n) return 'No money was moved.'
  if (isReversal) return 'A correction by the bank, or a transfer that came back: no payment of a customer.'
  return amount < 0n ? 'Money that went out.' : ''
}
