import { audit } from '../../access/access.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { logError } from '../../log.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, openDb } from '../../storage/db.store.ts'
import type { Contract } from '../contract.ts'
import { productsOf, tellMeter } from '../contract-statements.job.ts'
import { updateContract } from '../contracts.store.ts'
import { contractsToRenew } from '../due.store.ts'
import { closeInstant, lastBoundary } from '../periods/schedule.ts'
import { type Renewed, renewedTerms } from './renewal.ts'

/** Contracts that one tick renews; what is left waits for the next one, uninvoiced. */
const PAGE = 200
const ACTOR = { principal: { id: 'system', label: 'Renewal', scopes: [] }, requestId: 'cron' }

/** Renews every contract whose time for notice is over. One that fails is logged, and tried again with the next tick. */
export async function renewContracts(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (const contract of await contractsToRenew(db, now, PAGE)) {
    try {
      await renew(db, contract, now)
    } catch (error) {
      if (!isUniqueViolation(error)) logError(error, { job: 'renewal', contractRef: contract.ref })
    }
  }
}

/** The next version, for another term. Where another contract took over the usage meanwhile, this one ends after all. */
async function renew(db: Db, contract: Contract, now: Instant): Promise<void> {
  const { terms } = contract
  const products = await productsOf(db, terms.products)
  const renewed = renewedTerms(terms, (ref) => products.get(ref)?.kind === 'one_time')
  try {
    await writeTerm(db, contract, renewed, 'Renewed', now)
  } catch (error) {
    if (!isRefusedBy(error, 'product already billed')) throw error
    const ending = { terms: { ...terms, renewal: null }, from: renewed.from }
    await writeTerm(db, contract, ending, 'Not renewed: another contract bills the same usage', now)
  }
}

async function writeTerm(
  db: Db,
  before: Contract,
  { terms, from }: Renewed,
  reason: string,
  now: Instant,
): Promise<void> {
  const actor = { ...ACTOR, now }
  const after = {
    ...before,
    terms,
    version: before.version + 1,
    nextCloseAt: before.nextCloseAt === null ? null : closeInstant(terms, before.nextCycle),
  }
  const facts = { effectiveDate: from, reason, actor: actor.principal.label, now }
  const fromBoundary = lastBoundary(before.terms) ?? before.nextCycle
  await commit(db, [
    ...updateContract(db, after, { ...facts, fromBoundary }),
    ...audit(db, actor, { action: 'contract.renew', subject: after.ref, before: before.terms, after: terms }),
    ...tellMeter(db, [after], now),
  ])
}
