import { daysBetween } from '../../kernel/calendar.ts'
import type { Payout } from '../card/payout.ts'
import { searchable } from '../token-search.ts'
import type { BankEntry } from './statement.ts'

export type ExpectedPayout = Pick<
  Payout,
  'processorRef' | 'currency' | 'total' | 'arrivesOn' | 'descriptor' | 'traceId'
>

/** Days around the announced day in which a payout arrives. */
const EARLY_DAYS = 1
const LATE_DAYS = 7
/** What Stripe calls itself on statements where a payout says nothing else. */
const SENDER = 'STRIPE'

/**
 * The payout that a line of a bank statement is the arrival of: the same amount, about its day, and a text that names
 * Stripe or what the payout says of itself. The earliest where several fit. An amount alone never decides.
 */
export function arrivedPayout(
  entry: Pick<BankEntry, 'amount' | 'currency' | 'bookedOn' | 'payer' | 'reference'>,
  expected: readonly ExpectedPayout[],
): ExpectedPayout | undefined {
  const text = searchable(`${entry.payer.name ?? ''} ${entry.reference}`).characters
  return expected.find(({ processorRef, currency, total, arrivesOn, descriptor, traceId }) => {
    const days = daysBetween(arrivesOn, entry.bookedOn)
    const names = [SENDER, processorRef, descriptor ?? '', traceId ?? ''].map(
      (name) => searchable(name).characters,
    )
    return (
      total === entry.amount &&
      currency === entry.currency &&
      days >= -EARLY_DAYS &&
      days <= LATE_DAYS &&
      names.some((name) => name !== '' && text.includes(name))
    )
  })
}
