import { findProducts } from '../../catalog/catalog.store.ts'
import type { Contract } from '../../contracts/contract.ts'
import { contractsNamed } from '../../contracts/contracts.store.ts'
import type { Env } from '../../env.ts'
import { unbilledLines } from '../../invoicing/cycle/unbilled.job.ts'
import type { UnbilledContract } from '../../invoicing/cycle/unbilled-in-order.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { logError } from '../../log.ts'
import { commit, type Db, isUniqueViolation, type Statement } from '../../storage/db.store.ts'
import { isPlanChanged } from '../revenue.store.ts'
import { accrue, type ContractAccruals } from './accrual.ts'
import { accountedFor, accrualsOf, insertAccruals } from './accruals.store.ts'
import { creditCounted } from './accrued-credit.store.ts'
import type { Earning } from './earned.ts'

type Books = Pick<Earning, 'lastDay' | 'timezone'>

/** Plans made anew because a contract was billed or amended meanwhile, or another run has accrued for it. */
const ATTEMPTS_MAX = 3

/**
 * Measures what contracts have earned and not billed, and accrues by how much that has changed: one commit for all, or
 * none. Those that wait for their plan are left as they are; one that fails is logged, and the others go on.
 */
export async function accrueContracts(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  books: Books,
  now: Instant,
): Promise<void> {
  let current = contracts
  for (let attempt = 1; attempt <= ATTEMPTS_MAX && current.length > 0; attempt++) {
    const statements = await accrualStatements(env, db, current, books, now)
    try {
      return await commit(db, statements)
    } catch (error) {
      if (!isUniqueViolation(error) && !isPlanChanged(error)) throw error
      if (attempt === ATTEMPTS_MAX) await accrueHalves(env, db, current, books, now, error)
      else current = await readAgain(db, current)
    }
  }
}

/** Where a commit is refused again and again, the contracts that it is refused for are found by halves. */
async function accrueHalves(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  books: Books,
  now: Instant,
  error: unknown,
): Promise<void> {
  const [first, ...others] = contracts
  if (!first) return
  if (others.length === 0) return logFailure(first, error)
  const middle = Math.ceil(contracts.length / 2)
  await accrueContracts(env, db, contracts.slice(0, middle), books, now)
  await accrueContracts(env, db, contracts.slice(middle), books, now)
}

const readAgain = async (db: Db, contracts: readonly Contract[]): Promise<Contract[]> => {
  const found = await contractsNamed(db, { refs: contracts.map(({ ref }) => ref), numbers: [] })
  return found.filter(({ nextCloseAt }) => nextCloseAt !== null)
}

async function accrualStatements(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  books: Books,
  now: Instant,
): Promise<Statement[]> {
  const refs = contracts.map(({ ref }) => ref)
  const sold = contracts.flatMap(({ terms }) => terms.products.map((product) => product.product_ref))
  const [standing, counted, planned, products] = await Promise.all([
    accrualsOf(db, refs),
    creditCounted(db, contracts),
    accountedFor(db, refs),
    findProducts(db, [...new Set(sold)]),
  ])
  const ready = contracts.filter(({ ref }) => planned.get(ref) !== 'waits')
  const recognitionOf = new Map([...products].map(([ref, { recognition }]) => [ref, recognition]))
  const knownOf = Map.groupBy(standing, ({ contractRef }) => contractRef)
  const accruedFor = ({ contract, unbilled, creditUsed }: UnbilledContract): ContractAccruals => {
    const accounted = planned.get(contract.ref)
    const known = accounted === undefined || accounted === 'waits' ? { planned: [] } : accounted
    const earning = { ...books, contract, unbilled, recognitionOf, ...known }
    return { contract, creditUsed, ...accrue(earning, knownOf.get(contract.ref) ?? [], now) }
  }
  const unbilled = await unbilledLines(env, db, ready, books.lastDay, now, counted, logFailure)
  return insertAccruals(db, eachOrLogged(unbilled, accruedFor), counted)
}

const eachOrLogged = <T>(all: readonly UnbilledContract[], plan: (one: UnbilledContract) => T): T[] =>
  all.flatMap((one) => {
    try {
      return [plan(one)]
    } catch (error) {
      logFailure(one.contract, error)
      return []
    }
  })

const logFailure = ({ ref }: Contract, error: unknown): void =>
  logError(error, { job: 'accrual', contractRef: ref })
