import { type GrantState, type Moved, move } from '../../credits/movement.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { assert, conflict, type Problem } from '../../kernel/problem.ts'
import type { Invoice } from '../invoice.ts'
import { type Allocation, type Standing, settlementOf, standingAllocations } from '../settlement.ts'
import type { CustomerCredit } from './customer-credit.ts'

/** What a payment or credit has settled of an invoice, and a credit note takes back. */
export type Release = { allocation: Standing<Allocation>; released: Minor }
type PaymentRelease = Release & { allocation: { paymentId: string } }

type Settled = {
  invoice: Pick<Invoice, 'id' | 'number' | 'total'>
  allocations: readonly Allocation[]
  credit?: readonly GrantState[] | undefined
  reason: string
  actor: string
  now: Instant
}

/** What was paid beyond what is left to be owed, taken from the newest payments first. */
export function releasesOf({ invoice, allocations }: Settled, credited: Minor): Release[] {
  const open = invoice.total - sum(allocations.map(({ amount }) => amount))
  let excess = credited - open
  const releases: Release[] = []
  for (const allocation of standingAllocations(allocations).reverse()) {
    const { paymentId, grantId, left } = allocation
    if (excess <= 0n || (paymentId === null && grantId === null)) continue
    const released = smaller(left, excess)
    releases.push({ allocation, released })
    excess -= released
  }
  if (excess > 0n) throw beyondPayments(invoice, allocations)
  return releases
}

const beyondPayments = ({ number }: Settled['invoice'], allocations: readonly Allocation[]): Problem =>
  settlementOf(allocations).writtenOff === 0n
    ? conflict(
        'credit_beyond_payments',
        `Invoice ${number} is settled by other means than payments; credit what was paid and what is open.`,
      )
    : conflict(
        'invoice_written_off',
        `Invoice ${number} is written off; credit what was paid of it, since the rest is lost already.`,
      )

const smaller = (a: Minor, b: Minor): Minor => (a < b ? a : b)

export const isPayment = (release: Release): release is PaymentRelease =>
  release.allocation.paymentId !== null

/** The part of an allocation that no longer settles. */
export const takenBack = ({ allocation, released }: Release, creditNoteId: string) => ({
  id: derivedId('alc', creditNoteId, allocation.id),
  kind: allocation.kind,
  paymentId: allocation.paymentId,
  grantId: allocation.grantId,
  creditNoteId,
  amount: -released,
  reverses: allocation.id,
})

/** What of a payment becomes the customer's credit. */
export const creditOf = (
  { allocation: { paymentId }, released }: PaymentRelease,
  creditNote: Pick<CustomerCredit, 'id' | 'customerRef' | 'entityRef' | 'currency'> & { issuedAt: Instant },
): CustomerCredit => ({
  id: derivedId('ccr', creditNote.id, paymentId),
  paymentId,
  customerRef: creditNote.customerRef,
  entityRef: creditNote.entityRef,
  currency: creditNote.currency,
  amount: released,
  createdAt: creditNote.issuedAt,
})

/** What credit had paid is credit again: it was never money of its own, and a gift stays a gift. */
export const givenBack = (
  { invoice, credit = [], reason, actor, now }: Settled,
  releases: readonly Release[],
): Moved[] =>
  releases.flatMap(({ allocation: { grantId }, released: amount }) => {
    if (grantId === null) return []
    const state = credit.find(({ grant }) => grant.ref === grantId)
    assert(state, `the grant ${grantId} that paid for invoice ${invoice.id} is not read`)
    return [move(state, { kind: 'reinstated', amount, invoiceId: invoice.id, reason, actor, at: now })]
  })
