import { findProducts } from '../../catalog/catalog.store.ts'
import type { Contract } from '../../contracts/contract.ts'
import { findContract } from '../../contracts/contracts.store.ts'
import type { Env } from '../../env.ts'
import { unbilledLines } from '../../invoicing/cycle/unbilled.job.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { commit, type Db, isUniqueViolation, type Statement } from '../../storage/db.store.ts'
import { isPlanChanged } from '../revenue.store.ts'
import { accrue } from './accrual.ts'
import { accrualsOf, insertAccruals, plannedFees } from './accruals.store.ts'
import type { Earning } from './earned.ts'

type Books = Pick<Earning, 'lastDay' | 'timezone'>

/** Plans made anew because the contract was billed or amended meanwhile, or another run has accrued for it. */
const ATTEMPTS_MAX = 3

/**
 * Measures what a contract has earned and not billed, and accrues by how much that has changed: one commit, or none. One
 * that waits for its plan is left as it is.
 */
export async function accrueContract(
  env: Env,
  db: Db,
  contract: Contract,
  books: Books,
  now: Instant,
): Promise<void> {
  let current: Contract | undefined = contract
  for (let attempt = 1; current?.nextCloseAt != null; attempt++) {
    const statements = await accrualStatements(env, db, current, books, now)
    try {
      return await commit(db, statements)
    } catch (error) {
      if ((!isUniqueViolation(error) && !isPlanChanged(error)) || attempt === ATTEMPTS_MAX) throw error
      current = await findContract(db, contract.ref)
    }
  }
}

async function accrualStatements(
  env: Env,
  db: Db,
  contract: Contract,
  books: Books,
  now: Instant,
): Promise<Statement[]> {
  const [known, planned, products] = await Promise.all([
    accrualsOf(db, [contract.ref]),
    plannedFees(db, contract.ref),
    findProducts(
      db,
      contract.terms.products.map(({ product_ref: ref }) => ref),
    ),
  ])
  if (planned === null) return []
  const unbilled = await unbilledLines(env, db, contract, books.lastDay, now)
  const recognitionOf = new Map([...products].map(([ref, { recognition }]) => [ref, recognition]))
  const plan = accrue({ ...books, contract, unbilled, planned, recognitionOf }, known, now)
  return insertAccruals(db, contract, plan)
}
