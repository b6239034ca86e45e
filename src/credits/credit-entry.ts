import { addDays, type LocalDate, localDate } from '../kernel/calendar.ts'
import { credit, debit, type JournalEntry, journalEntry, type Posting } from '../ledger/journal-entry.ts'
import type { CreditGrant } from './grant.ts'
import type { Moved, Settlement } from './movement.ts'

/** What of an invoice the entry of its credit names. */
export type PaidInvoice = {
  id: string
  number: string
  contractRef: string
  issueDate: LocalDate
  lines?: readonly { serviceEnd: LocalDate }[] | undefined
}

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
 * Credit paid for an invoice. After tax it settles the receivable: what the customer had paid for it leaves the
 * liability, what was given away lowers revenue. Before tax the invoice is lower already, so only what was paid for the
 * credit is posted: it is earned on the last day of the usage that it pays for. What an invoice gives back is posted
 * the other way round.
 */
export function burnEntries({ movement, cost, state }: Moved, invoice: PaidInvoice): JournalEntry[] {
  const { grant } = state
  const { kind, id, released, at } = movement
  const amount = kind === 'reinstated' ? -movement.amount : movement.amount
  const { customerRef } = grant
  const sold = { customerRef, contractRef: invoice.contractRef, invoiceId: invoice.id }
  const settled = grant.beforeTax
    ? [credit('revenue', released, sold)]
    : [
        credit('accounts_receivable', amount, sold),
        debit('revenue_discount', amount - cost, sold),
        credit('revenue', released - cost, { customerRef }),
      ]
  return posted(grant, [debit('customer_credit', released, { customerRef }), ...settled], {
    event: kind === 'burnt' ? 'credit_burnt' : 'credit_reinstated',
    sourceId: id,
    description: `Credit ${kind === 'burnt' ? 'used for' : 'given back by'} invoice ${invoice.number}`,
    recordedAt: at,
    postingDate: kind === 'burnt' ? usedOn(grant, invoice) : localDate(at, grant.timezone),
  })
}

function usedOn({ beforeTax }: CreditGrant, { issueDate, lines = [] }: PaidInvoice): LocalDate {
  if (!beforeTax) return issueDate
  const days = lines.map(({ serviceEnd }) => addDays(serviceEnd, -1)).filter((day) => day < issueDate)
  return days.toSorted().at(-1) ?? issueDate
}

/** What was paid for credit that expired is revenue: the customer can no longer ask for anything (breakage). */
export function expiredEntries({ movement, state: { grant } }: Moved): JournalEntry[] {
  if (movement.kind !== 'expired') return []
  return closing(
    'credit_expired',
    movement,
    grant,
    credit('revenue', movement.released, { customerRef: grant.customerRef }),
  )
}

/** Credit was taken back: its money leaves again, or is the seller's. */
export function voidedEntries({ movement, state: { grant } }: Moved, settlement: Settlement): JournalEntry[] {
  const { customerRef, moneyAccount } = grant
  const account = settlement === 'refund' && moneyAccount !== null ? moneyAccount : 'revenue'
  return closing(
    'credit_voided',
    movement,
    grant,
    credit(account, movement.released, { customerRef }),
    movement.actor,
  )
}

const closing = (
  event: 'credit_expired' | 'credit_voided',
  { id, kind, released, at }: Moved['movement'],
  grant: CreditGrant,
  other: Posting,
  postedBy?: string,
): JournalEntry[] =>
  posted(grant, [debit('customer_credit', released, { customerRef: grant.customerRef }), other], {
    event,
    sourceId: id,
    description: `Credit ${grant.ref} ${kind}`,
    recordedAt: at,
    postingDate: localDate(at, grant.timezone),
    ...(postedBy !== undefined && { postedBy }),
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
