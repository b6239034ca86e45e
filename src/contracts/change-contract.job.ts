import { type Actor, audit } from '../access/access.store.ts'
import { type LocalDate, localDate } from '../kernel/calendar.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, type Statement } from '../storage/db.store.ts'
import { amendTerms, boundaryOn, type ContractChange, changesSettings } from './amendment.ts'
import { pricedByBook } from './booked-price.job.ts'
import type { AskedProduct } from './booked-product.ts'
import { type CancelBy, cancelOn, earliestEnd } from './cancellation.ts'
import type { Contract } from './contract.ts'
import { findContract, updateContract, type VersionFacts } from './contracts.store.ts'
import {
  billedTwice,
  invalidContract,
  productsOf,
  refuseDoubleBilling,
  tellMeter,
} from './create-contract.job.ts'
import { faultsOfTerms } from './faults.ts'
import { boundaryDate, lastBoundary } from './schedule.ts'

type AskedCancellation = {
  end_date?: LocalDate | undefined
  reason?: string | undefined
  by?: CancelBy | undefined
}

export type Amendment = Omit<ContractChange, 'products'> & {
  products?: AskedProduct[] | undefined
  effective_date?: LocalDate | undefined
  reason?: string | undefined
}

/**
 * Writes the next version of a contract, in force from a boundary that is not invoiced yet: what was billed is never
 * rewritten. Changes of how invoices are made hold from the next invoice on. Throws `invalid_contract`,
 * `effective_date_not_open`, `product_already_billed`, `contract_over`, `contract_changed` or
 * `contract_being_invoiced`.
 */
export async function amendContract(
  db: Db,
  actor: Actor,
  ref: string,
  { effective_date: asked, reason, products: askedProducts, ...settings }: Amendment,
): Promise<Contract> {
  const contract = await openContract(db, ref)
  const effective = asked ?? boundaryDate(contract.terms, contract.nextCycle)
  const fromBoundary = openBoundary(contract, effective)
  const priced =
    askedProducts &&
    (await pricedByBook(db, askedProducts, { currency: contract.terms.currency, day: effective }))
  if (priced && priced.faults.length > 0) throw invalidContract(priced.faults)
  const change = { ...settings, products: priced?.products }
  if (changesSettings(change) && fromBoundary !== contract.nextCycle) {
    throw effectiveDateNotOpen('Other fields than "products" change from the next invoice on', contract)
  }
  const products = await productsOf(db, [...contract.terms.products, ...(change.products ?? [])])
  const isOneTime = (ref: string): boolean => products.get(ref)?.kind === 'one_time'
  const terms = amendTerms(contract.terms, change, effective, isOneTime)
  const faults = faultsOfTerms(terms, products)
  if (faults.length > 0) throw invalidContract(faults)
  const amended = { ...contract, terms, version: contract.version + 1 }
  if (contract.status !== 'draft') await refuseDoubleBilling(db, amended, products)
  await writeVersion(db, actor, { before: contract, after: amended, effective, fromBoundary, reason })
  return amended
}

/**
 * Ends a contract: at the end of its running cycle or on a later day, or now. What was billed stays billed, and what is
 * still to be billed up to the end will be. Cancelling again, not asking for an earlier day, changes nothing.
 */
export async function cancelContract(
  db: Db,
  actor: Actor,
  ref: string,
  { end_date: asked, reason, by }: AskedCancellation,
): Promise<Contract> {
  const contract = await findContract(db, ref)
  if (!contract) throw notFound('contract', ref)
  const { terms, status } = contract
  const today = localDate(actor.now, terms.timezone)
  const earliest = status === 'draft' ? terms.start_date : earliestEnd(contract, today, by)
  const end = asked ?? earliest
  const isEarlier = by?.mode === 'now_without_credit' && terms.end_date !== null && end < terms.end_date
  if (status === 'cancelled' && (asked === undefined ? !isEarlier : asked === terms.end_date)) return contract
  refuseOver(contract)
  if (end < earliest || (terms.end_date !== null && end > terms.end_date)) {
    const latest = terms.end_date === null ? '' : ` and no later than ${terms.end_date}`
    const message = `must be ${earliest} or later${latest}`
    throw invalid(
      'end_date_not_open',
      `A contract ends at the end of its running cycle or later, and with \`now_without_credit\` today at the earliest: ${message}.`,
      [{ path: 'end_date', message }],
    )
  }
  const cancelled: Contract = {
    ...contract,
    ...cancelOn(contract, end),
    status: 'cancelled',
    version: contract.version + 1,
  }
  await writeVersion(db, actor, {
    before: contract,
    after: cancelled,
    effective: end,
    fromBoundary: lastBoundary(cancelled.terms) ?? contract.nextCycle,
    reason,
  })
  return cancelled
}

async function openContract(db: Db, ref: string): Promise<Contract> {
  const contract = await findContract(db, ref)
  if (!contract) throw notFound('contract', ref)
  refuseOver(contract)
  return contract
}

function refuseOver({ ref, nextCloseAt, status }: Contract): void {
  if (nextCloseAt === null && status !== 'draft') {
    throw conflict('contract_over', `The contract "${ref}" is over and all of it is billed; make a new one.`)
  }
}

function openBoundary(contract: Contract, effective: LocalDate): number {
  const boundary = boundaryOn(contract.terms, effective)
  if (boundary === undefined || boundary < contract.nextCycle) {
    throw effectiveDateNotOpen(
      `"${effective}" is no first day of a cycle that is still to be invoiced`,
      contract,
    )
  }
  return boundary
}

const effectiveDateNotOpen = (what: string, { terms, nextCycle }: Contract) =>
  invalid('effective_date_not_open', `${what}: ${boundaryDate(terms, nextCycle)} is the next one.`, [
    {
      path: 'effective_date',
      message: `must be ${boundaryDate(terms, nextCycle)}, or a later boundary for products`,
    },
  ])

type NewVersion = {
  before: Contract
  after: Contract
  effective: LocalDate
  fromBoundary: number
  reason: string | undefined
}

async function writeVersion(
  db: Db,
  actor: Actor,
  { before, after, effective, fromBoundary, reason = undefined }: NewVersion,
): Promise<void> {
  const action = after.status === 'cancelled' ? 'contract.cancel' : 'contract.amend'
  await commitVersion(
    db,
    actor,
    after,
    { effectiveDate: effective, fromBoundary, reason: reason ?? null },
    audit(db, actor, { action, subject: after.ref, before: before.terms, after: after.terms }),
  )
}

/**
 * Commits the next version of a contract with its word to the meter and its entry in the audit log. Throws
 * `contract_changed`, `contract_being_invoiced` or `product_already_billed`.
 */
export async function commitVersion(
  db: Db,
  actor: Actor,
  after: Contract,
  facts: Pick<VersionFacts, 'effectiveDate' | 'fromBoundary' | 'reason'>,
  recorded: readonly Statement[],
): Promise<void> {
  try {
    await commit(db, [
      ...updateContract(db, after, { ...facts, actor: actor.principal.label, now: actor.now }),
      ...recorded,
      ...tellMeter(db, [after], actor.now),
    ])
  } catch (error) {
    throw refusal(error)
  }
}

function refusal(error: unknown): unknown {
  if (isRefusedBy(error, 'product already billed')) return billedTwice()
  if (isUniqueViolation(error)) {
    return conflict(
      'contract_changed',
      'Someone else changed this contract meanwhile; read it and try again.',
    )
  }
  return isRefusedBy(error, 'contract is being invoiced')
    ? conflict('contract_being_invoiced', 'An invoice of this contract is being made; try again in a minute.')
    : error
}
