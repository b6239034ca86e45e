import { type Actor, audit } from '../../access/access.store.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { decideInFull, type Partly } from '../../kernel/partly.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Contract } from '../contract.ts'
import { productsOf, refuseDoubleBilling } from '../contract-statements.job.ts'
import { boundaryDate } from '../periods/schedule.ts'
import { pricedByBook } from '../terms/booked-price.job.ts'
import type { AskedProduct } from '../terms/booked-product.ts'
import type { ContractChange } from './amendment.ts'
import { readOfAmendment } from './amendment-faults.ts'
import { decideAmendment, type HowToChange } from './amendment-plan.ts'
import { commitVersion, knownContract, refuseOver } from './commit-version.job.ts'
import { openPlace } from './open-place.ts'

export type Amendment = Omit<ContractChange, 'products'> &
  Partial<HowToChange> & {
    products?: AskedProduct[] | undefined
    effective_date?: LocalDate | undefined
    reason?: string | undefined
  }

/**
 * Writes the next version of a contract; an amendment that changes nothing writes none. What was billed is never
 * rewritten: inside the running cycle, which is paid for in advance, a change of fees is settled by credit and charge
 * lines, on the next invoice or at once. Usage is priced by whole cycles, and how invoices are made changes from the next
 * one on. Throws `invalid_request`, `invalid_contract` or `effective_date_not_open` with every fault, of form and of terms;
 * `product_already_billed`, `contract_over`, `contract_changed` or `contract_being_invoiced`.
 */
export async function amendContract(
  db: Db,
  actor: Actor,
  ref: string,
  sent: Partly<Amendment>,
): Promise<Contract> {
  const contract = await knownContract(db, ref)
  refuseOver(contract)
  const {
    effective_date: asked,
    reason,
    products,
    apply = 'by_direction',
    bill = 'next',
    ...settings
  } = sent.value
  const effective = asked ?? boundaryDate(contract.terms, contract.nextCycle)
  const start = { currency: contract.terms.currency, day: effective, isRead: readOfAmendment(sent.isRead) }
  const priced = products && (await pricedByBook(db, products, start))
  const { value: wanted, faults = [], isRead = sent.isRead } = priced ?? {}
  const change = { value: { ...settings, products: wanted }, faults, isRead }
  const sold = await productsOf(db, [...contract.terms.products, ...(wanted ?? [])])
  const amended = decideInFull(sent, () =>
    decideAmendment(contract, change, { effective, apply, bill }, sold, actor.now),
  )
  if (amended === contract) return contract
  if (contract.status !== 'draft') await refuseDoubleBilling(db, amended, sold)
  const log = { action: 'contract.amend', subject: ref, before: contract.terms, after: amended.terms }
  const fromBoundary = openPlace(contract, effective)?.fromBoundary ?? contract.nextCycle
  const facts = { effectiveDate: effective, fromBoundary, reason: reason ?? null }
  await commitVersion(db, actor, amended, facts, audit(db, actor, log))
  return amended
}
