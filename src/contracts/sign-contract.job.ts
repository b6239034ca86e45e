import { type Actor, audit } from '../access/access.store.ts'
import { conflict } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import { firstChangeBilling } from './changes/change-billing.ts'
import { commitVersion, knownContract } from './changes/commit-version.job.ts'
import { invalidContract } from './changes/contract-refusals.ts'
import { renewalInstant } from './changes/renewal.ts'
import type { Contract } from './contract.ts'
import { contractState } from './contract-state.ts'
import { productsOf, refuseDoubleBilling } from './contract-statements.job.ts'
import { closeInstant, lastBoundary } from './periods/schedule.ts'
import { dateAt } from './periods/zone.ts'
import { faultsOfTerms } from './terms/faults.ts'

/**
 * Puts a draft in force: from now on it is billed, from its start. One that is in force already is left as it is. Throws
 * `invalid_contract`, `product_already_billed` or `contract_not_draft`.
 */
export async function activateContract(db: Db, actor: Actor, ref: string): Promise<Contract> {
  const draft = await knownContract(db, ref)
  if (draft.status === 'active') return draft
  if (draft.status !== 'draft') {
    throw conflict('contract_not_draft', `The contract "${ref}" is ${draft.status}; make a new one.`)
  }
  const products = await productsOf(db, draft.terms.products)
  const faults = faultsOfTerms(draft.terms, products)
  if (faults.length > 0) throw invalidContract(faults)
  await refuseDoubleBilling(db, draft, products)
  const version = draft.version + 1
  const signed: Contract = {
    ...draft,
    status: 'active',
    version,
    signedVersion: version,
    nextCloseAt: closeInstant(draft.terms, 0),
    billsChangeAt: firstChangeBilling(draft.terms),
  }
  await commitVersion(
    db,
    actor,
    signed,
    { effectiveDate: draft.terms.start_date, fromBoundary: 0, reason: 'Activated' },
    audit(db, actor, { action: 'contract.activate', subject: ref, after: signed.terms }),
  )
  return signed
}

/**
 * Takes notice that a contract shall not renew: it ends on its end date. The same notice again changes nothing. Throws
 * `contract_not_active` for a draft, `contract_does_not_renew`, or `notice_too_late` in the moment between the last day for it and the renewal.
 */
export async function giveNotice(
  db: Db,
  actor: Actor,
  ref: string,
  reason: string | undefined,
): Promise<Contract> {
  const contract = await knownContract(db, ref)
  const { terms, status, version } = contract
  if (status === 'active' && terms.renewal?.auto && terms.renewal.notice_date !== null) return contract
  if (status === 'draft') {
    throw conflict(
      'contract_not_active',
      `The contract "${ref}" is a draft, which binds nobody. Change whether it will renew with POST /api/contracts/edit/${ref}, or activate it first.`,
    )
  }
  const renewsAt = renewalInstant(contract)
  if (renewsAt === null || !terms.renewal || terms.end_date === null) {
    throw conflict(
      'contract_does_not_renew',
      `The contract "${ref}" does not renew by itself. To end it, use POST /api/contracts/cancel/${ref}.`,
    )
  }
  if (renewsAt <= actor.now) {
    throw conflict('notice_too_late', `The contract "${ref}" is being renewed; notice is for the next term.`)
  }
  const renewal = { ...terms.renewal, notice_date: dateAt(terms, actor.now) }
  const noticed: Contract = {
    ...contract,
    terms: { ...terms, renewal },
    version: version + 1,
    // A notice amends nothing.
    ...(contractState(contract) === 'active' && { signedVersion: version + 1 }),
  }
  await commitVersion(
    db,
    actor,
    noticed,
    {
      effectiveDate: terms.end_date,
      fromBoundary: lastBoundary(terms) ?? contract.nextCycle,
      reason: reason ?? 'Notice given',
    },
    audit(db, actor, { action: 'contract.notice', subject: ref, before: terms, after: noticed.terms }),
  )
  return noticed
}
