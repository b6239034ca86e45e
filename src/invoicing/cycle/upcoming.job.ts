import type { Contract, ContractTerms } from '../../contracts/contract.ts'
import { findContract } from '../../contracts/contracts.store.ts'
import { closeInstant, lastBoundary } from '../../contracts/periods/schedule.ts'
import { walletAt } from '../../credits/wallet-at.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { conflict, notFound } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import { accumulates } from '../charges/accumulated.ts'
import { withLines } from '../charges/billed-cycle.ts'
import { latestTotals } from '../charges/usage-adjustment.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { readCloseInput } from './close-input.job.ts'
import { type CycleCloseInput, planCycleClose } from './cycle-close.ts'
import { feesBefore, hasOwnCycles } from './fees-before.ts'

/** `current` is the invoice of the running cycle, `next` the one after it. */
export type Upcoming = 'current' | 'next'

/**
 * The invoices as they would be issued, by the very plan that issues them; nothing is written. The current one is shown
 * as of now, the next one as of when it is due to be made. Corrections, and changes up to its day, belong to the current
 * invoice, so the next one is shown without them. Throws `contract_over` where nothing is left to bill.
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
  if (!isToCome(contract, boundary)) {
    throw conflict(
      'contract_over',
      `The contract "${contractRef}" has no ${which} invoice: all of it is billed.`,
    )
  }
  const issuedAt = which === 'current' ? now : closeInstant(contract.terms, boundary)
  const input = await readCloseInput(env, db, { ...contract, nextCycle: boundary }, 'preview', issuedAt)
  if (which === 'current') return planCycleClose(input).invoices
  const sealed = input.sealed && { ...input.sealed, corrections: [] }
  const { lines, ...before }: AfterCurrent = hangsOnPast(contract.terms, input)
    ? await afterCurrent(env, db, contract, now)
    : { lines: [] }
  const wallet = walletAt(before.wallet ?? [], issuedAt)
  const billedFees = feesBefore(input, lines)
  return planCycleClose({ ...input, sealed, heldBack: [], billedFees, ...before, wallet }).invoices
}

/** The boundaries of the contract that are left; after its end there is one for what comes late. */
function isToCome({ terms, nextCycle, nextCloseAt, status }: Contract, boundary: number): boolean {
  if (nextCloseAt === null && status !== 'draft') return false
  const last = lastBoundary(terms)
  return last === null || boundary <= last || boundary === nextCycle
}

const hangsOnPast = (terms: ContractTerms, { wallet = [] }: CycleCloseInput): boolean =>
  accumulates(terms) || hasOwnCycles(terms) || (terms.commitments ?? []).length > 0 || wallet.length > 0

type AfterCurrent = Pick<CycleCloseInput, 'earlier' | 'billedCycles' | 'wallet'> & { lines: InvoiceLine[] }

/**
 * What the invoice after the current one goes on from: the running cycle as it is used by now, its lines as billed, and
 * the credit that they leave.
 */
async function afterCurrent(env: Env, db: Db, contract: Contract, now: Instant): Promise<AfterCurrent> {
  const input = await readCloseInput(env, db, contract, 'preview', now)
  const { earlier = [], billedCycles = [], sealed } = input
  const running = sealed?.products.map((total) => ({ ...total, cycleNo: sealed.cycleNo })) ?? []
  const { invoices, wallet } = planCycleClose(input)
  const lines = invoices.flatMap((invoice) => invoice.lines)
  return {
    earlier: latestTotals(earlier, [...(sealed?.corrections ?? []), ...running]),
    billedCycles: withLines(billedCycles, lines),
    wallet,
    lines,
  }
}
