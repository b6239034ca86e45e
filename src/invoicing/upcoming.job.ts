import type { Contract, ContractTerms } from '../contracts/contract.ts'
import { findContract } from '../contracts/contracts.store.ts'
import { closeInstant, lastBoundary } from '../contracts/schedule.ts'
import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { conflict, notFound } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import { accumulates } from './accumulated.ts'
import { readCloseInput } from './close-input.job.ts'
import { planCycleClose } from './cycle-close.ts'
import type { Invoice } from './invoice.ts'
import { withLines } from './true-up.ts'
import { latestTotals } from './usage-adjustment.ts'

/** `current` is the invoice of the running cycle, `next` the one after it. */
export type Upcoming = 'current' | 'next'

/**
 * The invoices as they would be issued, by the very plan that issues them; nothing is written. The current one is shown
 * as of now, the next one as of when it is due to be made. Corrections belong to the current invoice, so the next
 * one is shown without them. Throws `contract_over` where nothing is left to bill.
 */
export async function upcomingInvoices(
  env: Env,
  db: Db,
  contractRef: string,
  which: Upcoming,
  now: Instant,
): Promise<Invoice[]> {
  const contract = await findContract(db, contractRef)
  if (!contract) throw notFound('contract', contractRef)
  const boundary = contract.nextCycle + (which === 'next' ? 1 : 0)
  const last = lastBoundary(contract.terms)
  const isOver = contract.nextCloseAt === null && contract.status !== 'draft'
  if (isOver || (last !== null && boundary > last)) {
    throw conflict(
      'contract_over',
      `The contract "${contractRef}" has no ${which} invoice: all of it is billed.`,
    )
  }
  const issuedAt = which === 'current' ? now : closeInstant(contract.terms, boundary)
  const input = await readCloseInput(env, db, { ...contract, nextCycle: boundary }, 'preview', issuedAt)
  if (which === 'current') return planCycleClose(input).invoices
  const sealed = input.sealed && { ...input.sealed, corrections: [] }
  const before = hangsOnPast(contract.terms) ? await afterCurrent(env, db, contract, now) : {}
  return planCycleClose({ ...input, sealed, heldBack: [], ...before }).invoices
}

const hangsOnPast = (terms: ContractTerms): boolean =>
  accumulates(terms) || (terms.commitments ?? []).length > 0

/** What the invoice after the current one goes on from: the running cycle as it is used by now, and its lines as billed. */
async function afterCurrent(env: Env, db: Db, contract: Contract, now: Instant) {
  const input = await readCloseInput(env, db, contract, 'preview', now)
  const { earlier = [], billedCycles = [], sealed } = input
  const running = sealed?.products.map((total) => ({ ...total, cycleNo: sealed.cycleNo })) ?? []
  const lines = planCycleClose(input).invoices.flatMap((invoice) => invoice.lines)
  return {
    earlier: latestTotals(earlier, [...(sealed?.corrections ?? []), ...running]),
    billedCycles: withLines(billedCycles, lines),
  }
}
