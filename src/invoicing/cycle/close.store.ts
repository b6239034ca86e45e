import { and, eq } from 'drizzle-orm'
import { contracts } from '../../contracts/contracts.schema.ts'
import { insertGrants, insertMovements } from '../../credits/credits.store.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { ClosedPeriods } from '../../ledger/accounting-period.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { allocations } from '../allocations.schema.ts'
import { creditAllocations } from '../assembly/credit-use.ts'
import { insertCreditParts } from '../credit-parts.store.ts'
import type { Invoice } from '../invoice.ts'
import { cycleCloses, invoiceLines, invoices } from '../invoicing.schema.ts'
import type { ChangePlan } from './change-plan.ts'
import type { CyclePlan } from './cycle-close.ts'
import type { IssuedInvoices } from './issue-invoices.ts'

/** What issuing invoices writes. */
function issueStatements(
  db: Db,
  { invoices: issued, burnt, grants, entries, effects }: IssuedInvoices,
  closed: ClosedPeriods,
  now: Instant,
): Statement[] {
  const linesOf = ({ id, contractRef, lines }: Invoice) =>
    lines.map((line) => ({ ...line, invoiceId: id, contractRef }))
  return [
    ...insertRows(db, invoices, issued),
    ...insertRows(db, invoiceLines, issued.flatMap(linesOf)),
    ...insertGrants(db, grants),
    ...insertMovements(
      db,
      burnt.map(({ moved }) => moved),
    ),
    ...insertCreditParts(
      db,
      burnt.flatMap(({ parts }) => parts),
    ),
    ...insertRows(db, allocations, creditAllocations(burnt)),
    ...postEntries(db, entries, closed),
    ...enqueue(db, effects, now),
  ]
}

/** How a batch leaves the claim on its contract, and in which months it can post nothing. */
type Closing = { closed: ClosedPeriods; release: boolean }

/** The one batch of a change that is billed at once. Where its invoice is there, it fails whole. */
export const changeStatements = (
  db: Db,
  { contractRef, boundary, next, ...issued }: ChangePlan,
  { closed, release }: Closing,
  now: Instant,
): Statement[] => [
  ...issueStatements(db, issued, closed, now),
  goOn(db, contractRef, boundary, next, release),
]

const goOn = (
  db: Db,
  contractRef: string,
  boundary: number,
  next: Partial<CyclePlan['next']>,
  release: boolean,
): Statement =>
  db
    .update(contracts)
    .set({ ...next, ...(release && { claimToken: null, claimedUntil: null }) })
    .where(and(eq(contracts.ref, contractRef), eq(contracts.nextCycle, boundary)))

/** The one batch of a closed boundary. A boundary that is closed already, or a number that is taken, fails it whole. */
export function closeStatements(
  db: Db,
  plan: CyclePlan,
  { closed, release }: Closing,
  now: Instant,
): Statement[] {
  const { contractRef, boundary, sealed, heldBack, heldChanges, owedCredits } = plan
  const close = { contractRef, cycleNo: boundary, sealed, heldBack, heldChanges, owedCredits, closedAt: now }
  return [
    ...insertRows(db, cycleCloses, [close]),
    ...issueStatements(db, plan, closed, now),
    goOn(db, contractRef, boundary, plan.next, release),
  ]
}
