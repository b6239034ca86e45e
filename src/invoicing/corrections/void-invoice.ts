import { balanceOf, type Moved } from '../../credits/movement.ts'
import { planVoid } from '../../credits/void-grant.ts'
import type { OutboxRow } from '../../delivery/outbox.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { conflict } from '../../kernel/problem.ts'
import { credit, debit, entryId, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import { issueEntries } from '../cycle/issue-entry.ts'
import type { Invoice } from '../invoice.ts'
import { dimensionsOf } from '../line-account.ts'
import { type Allocation, settlementOf, standingAllocations } from '../settlement.ts'
import { type LineReversal, reverseLine } from './line-reversal.ts'
import type { CreditSold } from './sold-credit.ts'

export type VoidInput = {
  invoice: Invoice
  allocations: readonly Allocation[]
  /** The credit that the invoice has sold. */
  sold?: CreditSold | undefined
  reason: string
  /** By default a concession. */
  cause?: VoidCause | undefined
  /** Where the seller keeps its books. */
  today: LocalDate
  actor: string
  now: Instant
}

/**
 * Why an invoice is taken back, which matters where revenue follows the plan of a contract: a cycle is billed once, so
 * without its invoice the customer pays that much less for what was promised (`concession`, ASC 606-10-32-42), unless the
 * same is billed in another way (`billing_error`).
 */
export const VOID_CAUSES = ['concession', 'billing_error'] as const
export type VoidCause = (typeof VOID_CAUSES)[number]

/** The rule of a void's allocation tells its cause. */
const RULE_OF = { concession: 'void', billing_error: 'void_billing_error' } as const satisfies Record<
  VoidCause,
  string
>

/** The rule of a void by which the price of what was promised falls. */
export const VOID_CONCESSION = RULE_OF.concession

export type VoidPlan = {
  reversals: LineReversal[]
  allocations: Allocation[]
  entries: JournalEntry[]
  outbox: OutboxRow[]
  /** The credit that it has sold. */
  withdrawn: Moved[]
}

/**
 * Takes an invoice back as if it had never been issued: the exact reversal of its entry, under today's date. Its number
 * stays used, and revenue that was earned of it is taken back. What it was settled with by credit is open again: the
 * job gives that credit back. Credit that it has sold is gone.
 *
 * @throws Problem 409 `invoice_paid` when money settles it, `invoice_credited` or `invoice_written_off` when something of
 *   it was taken back already, `invoice_of_nothing` when it charges nothing, `credit_used` when credit
 *   that it has sold is used, or over.
 */
export function planVoidInvoice(input: VoidInput): VoidPlan {
  const { invoice, today, now } = input
  refuseSettled(input)
  const source = {
    cause: 'void' as const,
    sourceId: invoice.id,
    invoiceId: invoice.id,
    currency: invoice.currency,
    bookedFrom: today,
  }
  return {
    reversals: invoice.lines
      .filter(({ netAmount }) => netAmount !== 0n)
      .map((line, place) => reverseLine({ ...line, line, amount: line.netAmount }, [], source, place + 1)),
    allocations: [...creditsTakenBack(input), voiding(input)],
    entries: [voidedEntry(input)],
    withdrawn: (input.sold ?? []).flatMap(
      (state) => planVoid(state, { reason: input.reason, actor: input.actor, at: now }) ?? [],
    ),
    outbox: [
      {
        id: derivedId('obx', 'invoice_void_mail', invoice.id),
        topic: 'invoice_void_mail',
        payload: { invoiceId: invoice.id },
        dueAt: now,
      },
    ],
  }
}

function refuseSettled({ invoice, allocations, sold = [] }: VoidInput): void {
  const { credited, writtenOff } = settlementOf(allocations)
  const money = standingAllocations(allocations).filter(({ kind }) => kind !== 'credit')
  const why = (code: string, what: string) => conflict(code, `Invoice ${invoice.number} ${what}.`)
  if (credited !== 0n) throw why('invoice_credited', 'has credit notes; credit what is left of it instead')
  if (writtenOff !== 0n) throw why('invoice_written_off', 'is written off')
  if (money.length > 0) throw why('invoice_paid', 'is paid, at least in part; credit it instead')
  if (sold.some((state) => balanceOf(state) < state.grant.amount)) {
    throw why('credit_used', 'has sold credit of which a part is used or over; credit what is left of it')
  }
  if (invoice.total <= 0n) throw why('invoice_of_nothing', 'charges nothing that could be taken back')
}

const creditsTakenBack = (input: VoidInput): Allocation[] =>
  standingAllocations(input.allocations).map(({ left, ...allocation }) => ({
    ...allocation,
    ...decided(input),
    id: derivedId('alc', 'void', allocation.id),
    amount: -left,
    reverses: allocation.id,
  }))

const voiding = (input: VoidInput): Allocation => ({
  ...decided(input),
  id: derivedId('alc', 'void', input.invoice.id),
  kind: 'void',
  paymentId: null,
  grantId: null,
  creditNoteId: null,
  invoiceId: input.invoice.id,
  amount: input.invoice.total,
  reverses: null,
})

const decided = ({ reason, cause = 'concession', actor, now }: VoidInput) => ({
  rule: RULE_OF[cause],
  explanation: reason,
  actor,
  createdAt: now,
})

/** The exact reversal of what was posted when the invoice was issued, or taken over. */
export function voidedEntry({
  invoice,
  today,
  actor,
  now,
}: Omit<VoidInput, 'allocations' | 'sold' | 'reason' | 'cause'>): JournalEntry {
  const isImported = invoice.origin === 'import'
  const issued = isImported ? [] : issueEntries(invoice)
  return journalEntry({
    entityRef: invoice.entityRef,
    postingDate: today,
    event: 'invoice_voided',
    sourceId: invoice.id,
    currency: invoice.currency,
    description: `Invoice ${invoice.number} is void`,
    recordedAt: now,
    postedBy: actor,
    reverses: isImported ? entryId('opening_balance', invoice.id) : entryId('invoice_issued', invoice.id),
    postings: isImported
      ? openingReversed(invoice)
      : issued.flatMap(({ postings }) => postings.map((one) => ({ ...one, amount: -one.amount }))),
  })
}

const openingReversed = (invoice: Invoice) => [
  debit('opening_balance', invoice.total, dimensionsOf(invoice)),
  credit('accounts_receivable', invoice.total, dimensionsOf(invoice)),
]
