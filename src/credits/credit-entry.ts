import { type Instant, type LocalDate, localDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { credit, debit, type JournalEntry, journalEntry, type Posting } from '../ledger/journal-entry.ts'
import { type CreditGrant, DAY_MS, lapsesAt } from './grant.ts'
import type { Moved, Settlement } from './movement.ts'

/** What of an invoice the entry of its credit names. */
export type PaidInvoice = { id: string; number: string; contractRef: string; issueDate: LocalDate }

/** By how much credit changes what a product of the invoice costs the customer, minor units. */
export type PriceChange = { productRef: string; amount: Minor }

/** Credit was paid for: Dr money / Cr customer credit, a liability. Nothing for promotional and for kept credit. */
export function soldEntries(grant: CreditGrant, actor: string): JournalEntry[] {
  const { ref, moneyAccount, costBasis, customerRef, createdAt, timezone } = grant
  if (grant.source !== 'granted' || moneyAccount === null) return []
  return posted(
    grant,
    [debit(moneyAccount, costBasis), credit('customer_credit', costBasis, { customerRef })],
    {
      event: 'credit_sold',
      sourceId: ref,
      description: `Prepaid credit ${ref}`,
      recordedAt: createdAt,
      postingDate: localDate(createdAt, timezone),
      postedBy: actor,
    },
  )
}

/**
 * Credit paid for an invoice: what the customer had paid for it leaves the liability. After tax it settles the receivable,
 * and what it pays beyond its cost lowers what is billed; before tax the invoice is lower already, and its cost is billed
 * on top. Either way it changes the contract's position, and becomes revenue as the service does that it pays for. What an
 * invoice gives back is posted the other way round. `prices` add up to what is released less what is settled.
 *
 * @example 600.00 of credit at 1,000 for 1,200: Dr customer credit 500.00, contract position 100.00 / Cr receivable 600.00
 */
export function burnEntries(
  { movement, state: { grant } }: Moved,
  invoice: PaidInvoice,
  prices: readonly PriceChange[],
): JournalEntry[] {
  const { kind, id, released, at } = movement
  const { customerRef } = grant
  const paid = { customerRef, contractRef: invoice.contractRef, invoiceId: invoice.id }
  const settled = grant.beforeTax ? 0n : kind === 'reinstated' ? -movement.amount : movement.amount
  return posted(
    grant,
    [
      debit('customer_credit', released, { customerRef }),
      credit('accounts_receivable', settled, paid),
      ...prices.map(({ productRef, amount }) => credit('contract_position', amount, { ...paid, productRef })),
    ],
    {
      event: kind === 'burnt' ? 'credit_burnt' : 'credit_reinstated',
      sourceId: id,
      description: `Credit ${kind === 'burnt' ? 'used for' : 'given back by'} invoice ${invoice.number}`,
      recordedAt: at,
      postingDate: kind === 'burnt' ? invoice.issueDate : localDate(at, grant.timezone),
    },
  )
}

/**
 * What was paid for credit that expired is revenue: the customer can no longer ask for anything (breakage). It belongs to
 * the last day on which the credit was good, though invoices for that time are waited for.
 */
export function expiredEntries({ movement, state: { grant } }: Moved): JournalEntry[] {
  if (movement.kind !== 'expired') return []
  return closing(
    { event: 'credit_expired', postingDate: expiredOn(grant, movement.at) },
    movement,
    grant,
    credit('revenue', movement.released, { customerRef: grant.customerRef }),
  )
}

/** Credit that was paid for after its end is earned on the day on which it lapses. */
function expiredOn(grant: CreditGrant, at: Instant): LocalDate {
  const { expiresAt, timezone } = grant
  const isOnTime = expiresAt !== null && at < lapsesAt(grant)! + DAY_MS
  return localDate(isOnTime ? expiresAt - 1 : at, timezone)
}

/** Credit was taken back: its money leaves again, or is the seller's. */
export function voidedEntries({ movement, state: { grant } }: Moved, settlement: Settlement): JournalEntry[] {
  const { customerRef, moneyAccount } = grant
  const account = settlement === 'refund' && moneyAccount !== null ? moneyAccount : 'revenue'
  return closing(
    {
      event: 'credit_voided',
      postingDate: localDate(movement.at, grant.timezone),
      postedBy: movement.actor,
    },
    movement,
    grant,
    credit(account, movement.released, { customerRef }),
  )
}

const closing = (
  fields: Pick<JournalEntry, 'event' | 'postingDate' | 'postedBy'>,
  { id, kind, released, at }: Moved['movement'],
  grant: CreditGrant,
  other: Posting,
): JournalEntry[] =>
  posted(grant, [debit('customer_credit', released, { customerRef: grant.customerRef }), other], {
    ...fields,
    sourceId: id,
    description: `Credit ${grant.ref} ${kind}`,
    recordedAt: at,
  })

/** The entry, unless all its amounts are zero. */
function posted(
  { entityRef, currency }: CreditGrant,
  postings: Posting[],
  fields: Pick<
    JournalEntry,
    'event' | 'sourceId' | 'description' | 'recordedAt' | 'postingDate' | 'postedBy'
  >,
): JournalEntry[] {
  const entry = journalEntry({ ...fields, entityRef, currency, postings })
  return entry.postings.length === 0 ? [] : [entry]
}
