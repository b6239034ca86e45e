import { type Actor, audit } from '../../access/access.store.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Contract } from '../contract.ts'
import { productsOf, refuseDoubleBilling } from '../contract-statements.job.ts'
import { boundaryDate } from '../periods/schedule.ts'
import { pricedByBook } from '../terms/booked-price.job.ts'
import type { AskedProduct } from '../terms/booked-product.ts'
import type { ContractChange } from './amendment.ts'
import { decideAmendment, type HowToChange, openPlace } from './amendment-plan.ts'
import { commitVersion, knownContract, refuseOver } from './commit-version.job.ts'
import { invalidContract } from './contract-refusals.ts'

export type Amendment = Omit<ContractChange, 'products'> &
  Partial<HowToChange> & {
    products?: AskedProduct[] | undefined
    effective_date?: LocalDate | undefined
    reason?: string | undefined
  }

/**
 * Writes the next version of a contract. What was billed is never rewritten: inside the running cycle, which is paid for in
 * advance, a change of fees is settled by credit and charge lines, on the next invoice or at once. Usage is priced by
 * whole cycles, and how invoices are made changes from the next one on. Throws `invalid_contract`,
 * `effective_date_not_open`, `product_already_billed`, `contract_over`, `contract_changed` or `contract_being_invoiced`.
 */
export async function amendContract(
  db: Db,
  actor: Actor,
  ref: string,
  { effective_date: asked, reason, products, apply = 'by_direction', bill = 'next', ...settings }: Amendment,
): Promise<Contract> {
  const contract = await knownContract(db, ref)
  refuseOver(contract)
  const effective = asked ?? boundaryDate(contract.terms, contract.nextCycle)
  const { fromBoundary } = openPlace(contract, effective)
  const priced =
    products && (await pricedByBook(db, products, { currency: contract.terms.currency, day: effective }))
  if (priced && priced.faults.length > 0) throw invalidContract(priced.faults)
  const change = { ...settings, products: priced?.products }
  const sold = await productsOf(db, [...contract.terms.products, ...(change.products ?? [])])
  const amended = decideAmendment(contract, change, { effective, apply, bill }, sold, actor.now)
  if (contract.status !== 'draft') await refuseDoubleBilling(db, amended, sold)
  const log = { action: 'contract.amend', subject: ref, before: contract.terms, after: amended.terms }
  const facts = { effectiveDate: effective, fromBoundary, reason: reason ?? null }
  await commitVersion(db, actor, amended, facts, audit(db, actor, log))
  return amended
}
