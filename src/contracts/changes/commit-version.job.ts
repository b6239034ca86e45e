import type { Actor } from '../../access/access.store.ts'
import { conflict, notFound } from '../../kernel/problem.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, type Statement } from '../../storage/db.store.ts'
import type { Contract } from '../contract.ts'
import { tellMeter } from '../contract-statements.job.ts'
import { findContract, updateContract, type VersionFacts } from '../contracts.store.ts'
import { isOver } from '../periods/final-run.ts'
import { billedTwice } from './contract-refusals.ts'

export async function knownContract(db: Db, ref: string): Promise<Contract> {
  const contract = await findContract(db, ref)
  if (!contract) throw notFound('contract', ref)
  return contract
}

/** Throws `contract_over` once nothing can be agreed any more. */
export function refuseOver(contract: Contract): void {
  if (isOver(contract)) {
    throw conflict(
      'contract_over',
      `The contract "${contract.ref}" is over and all of it is billed; make a new one.`,
    )
  }
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
