import { type Actor, audit } from '../../access/access.store.ts'
import { grantsSoldOn, insertMovements } from '../../credits/credits.store.ts'
import { creditGivenBack, insertReinstated } from '../../credits/reinstate.store.ts'
import { findEntity } from '../../customers/customers.store.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import { type LocalDate, localDate } from '../../kernel/calendar.ts'
import { assert, conflict, notFound } from '../../kernel/problem.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit, type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { allocations } from '../allocations.schema.ts'
import { creditPartsOf, insertCreditParts } from '../credit-parts.store.ts'
import type { Invoice } from '../invoice.ts'
import { allocationsOfInvoice, findInvoice } from '../invoicing.store.ts'
import { isSettledMeanwhile } from '../settlement.store.ts'
import { type Allocation, settlementOf } from '../settlement.ts'
import { reversalsOfInvoice } from './credit-note.store.ts'
import { lineReversals } from './credit-notes.schema.ts'
import { creditReturned } from './credit-parts-back.ts'
import type { LineReversal } from './line-reversal.ts'
import type { CreditSold } from './sold-credit.ts'
import { planVoidInvoice, type VoidCause, type VoidPlan } from './void-invoice.ts'
import { type HeldBack, planWriteOff, type WriteOffPlan } from './write-off.ts'

const ATTEMPTS_MAX = 5

/** Takes an invoice back. Asked again for a void one, nothing changes. Throws as `planVoidInvoice` does. */
export const voidInvoice = (
  db: Db,
  actor: Actor,
  ref: string,
  { reason, cause }: { reason: string; cause: VoidCause },
) =>
  correct(db, actor, ref, async (found) => {
    if (settlementOf(found.allocations).voided !== 0n) return undefined
    const plan = planVoidInvoice({ ...found, reason, cause })
    const { invoice, today } = found
    const given = await creditGivenBack(db, invoice.id, { reason, actor: found.actor, at: actor.now })
    const parts = await creditPartsOf(db, invoice.id)
    const returned = creditReturned(given, { invoice, parts, reversals: plan.reversals, bookedFrom: today })
    const change = { action: 'invoice.void', subject: invoice.id, after: { reason, cause } }
    return {
      plan: { ...plan, entries: [...plan.entries, ...returned.entries] },
      alongside: [
        ...insertReinstated(db, given, actor.now),
        ...insertCreditParts(db, returned.parts),
        ...enqueue(db, plan.outbox, actor.now),
        ...audit(db, actor, change),
      ],
    }
  })

/** Gives up what is open of an invoice; `heldBackOf` reads what is no revenue. Throws as `planWriteOff` does. */
export const writeOffInvoice = (
  db: Db,
  actor: Actor,
  ref: string,
  { heldBackOf, ...request }: { reason: string; taxRelief: boolean; heldBackOf: ReadHeldBack },
) =>
  correct(db, actor, ref, async (found) => {
    const reversals = await reversalsOfInvoice(db, found.invoice.id)
    const heldBack = await heldBackOf(found.invoice, reversals, found.today)
    const change = { action: 'invoice.write_off', subject: found.invoice.id, after: request }
    return {
      plan: planWriteOff({ ...found, ...request, reversals, heldBack }),
      alongside: audit(db, actor, change),
    }
  })

/** Whether there is a contract, and so what is revenue, those know who call. */
type ReadHeldBack = (
  invoice: Invoice,
  reversals: readonly LineReversal[],
  today: LocalDate,
) => Promise<ReadonlyMap<string, HeldBack>>

type Found = {
  invoice: Invoice
  allocations: Allocation[]
  sold: CreditSold
  today: string
  actor: string
  now: number
}

type Correction = { plan: Omit<VoidPlan | WriteOffPlan, 'outbox'>; alongside: Statement[] }

/** Read, decide, commit; and again where money or a credit note came in between. */
async function correct(
  db: Db,
  actor: Actor,
  ref: string,
  decide: (found: Found) => Promise<Correction | undefined>,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const found = await read(db, actor, ref)
    const decided = await decide(found)
    if (!decided) return
    const { plan, alongside } = decided
    const closed = await closedPeriods(db, [found.invoice.entityRef])
    try {
      await commit(db, [
        ...insertRows(db, lineReversals, plan.reversals),
        ...insertRows(db, allocations, plan.allocations),
        ...insertMovements(db, plan.withdrawn),
        ...postEntries(db, plan.entries, closed),
        ...alongside,
      ])
      return
    } catch (error) {
      if (!isSettledMeanwhile(error)) throw error
    }
  }
  throw conflict('invoice_contended', 'Others keep settling the same invoice; send this one again.')
}

async function read(db: Db, { principal, now }: Actor, ref: string): Promise<Found> {
  const found = await findInvoice(db, ref)
  if (!found) throw notFound('invoice', ref)
  const { invoice } = found
  const entity = await findEntity(db, invoice.entityRef)
  assert(entity, `the invoice ${invoice.id} names the entity ${invoice.entityRef}, which is not here`)
  return {
    invoice,
    allocations: await allocationsOfInvoice(db, invoice.id),
    sold: await grantsSoldOn(db, invoice.id),
    today: localDate(now, entity.timezone),
    actor: principal.label,
    now,
  }
}
