import type { Actor } from '../access/access.store.ts'
import type { Product } from '../catalog/catalog.store.ts'
import type { UnnumberedContract } from '../contracts/contracts.store.ts'
import type { Customer, LegalEntity } from '../customers/customers.store.ts'
import { Problem } from '../kernel/problem.ts'
import { commit, type Db, isUniqueViolation, rehearse, type Statement } from '../storage/db.store.ts'
import type { ImportRow } from './import-report.ts'
import type { Decided } from './stage.ts'
import { faultsOf } from './stage.ts'

/** What a dry run has accepted and not written: later rows may refer to it all the same. */
type Rehearsed = {
  entities: Map<string, LegalEntity>
  products: Map<string, Product>
  customers: Map<string, Customer>
  contracts: Map<string, UnnumberedContract>
}

export type ImportContext = {
  db: Db
  actor: Actor
  isDryRun: boolean
  /** True: a row whose ref is there with other content edits it, where an edit is allowed. */
  mayUpdate: boolean
  rehearsed: Rehearsed
  /** Rows that this call may still change: each is a statement of its own, and a call has a bounded number. */
  changesLeft: number
  /** Batches that may still fail in this call before rows are no longer looked at one by one. */
  failuresLeft: number
}

/** How one kind of row is decided about, many at a time, and written. */
export type Stage<Plan> = {
  decide: (context: ImportContext, rows: readonly ImportRow[]) => Promise<Decided<Plan>[]>
  statements: (context: ImportContext, plans: readonly Plan[]) => Statement[]
  /** Waits for the commit of one plan; throws a `Problem` for what the database alone can refuse. */
  explained?: (plan: Plan, committed: Promise<void>) => Promise<void>
  /** Makes an accepted plan known to the later rows of a dry run. */
  note?: (rehearsed: Rehearsed, plan: Plan) => void
}

/**
 * Decides about rows and writes what they plan in one batch; or, in a dry run, has the database take it back. A batch
 * that fails is halved until the rows that it failed by are alone, so that none refuses its neighbours.
 */
export async function runStage<Plan>(
  stage: Stage<Plan>,
  context: ImportContext,
  rows: readonly ImportRow[],
): Promise<Decided<Plan>[]> {
  const decided = await stage.decide(context, rows)
  await write(
    stage,
    context,
    decided.filter((one): one is Writing<Plan> => one.plan !== undefined),
  )
  return decided
}

type Writing<Plan> = Decided<Plan> & { plan: Plan }

async function write<Plan>(stage: Stage<Plan>, context: ImportContext, rows: Writing<Plan>[]): Promise<void> {
  const [first, second] = rows
  if (!first) return
  const plans = rows.map(({ plan }) => plan)
  try {
    const put = context.isDryRun ? rehearse : commit
    const written = put(context.db, stage.statements(context, plans))
    await (second || !stage.explained ? written : stage.explained(first.plan, written))
    if (context.isDryRun) for (const plan of plans) stage.note?.(context.rehearsed, plan)
  } catch (error) {
    if (second && context.failuresLeft-- > 0) {
      const half = Math.ceil(rows.length / 2)
      await write(stage, context, rows.slice(0, half))
      await write(stage, context, rows.slice(half))
    } else refuse(rows, error)
  }
}

const TAKEN = 'its reference or number was taken by another at the same time; send the row again'
const TOO_MANY = 'too many rows of this call failed to look at each; mend those and send this one again'

function refuse(rows: readonly Writing<unknown>[], error: unknown): void {
  const errors =
    rows.length > 1
      ? [{ path: '', message: TOO_MANY }]
      : error instanceof Problem
        ? [...faultsOf(error)]
        : isUniqueViolation(error)
          ? [{ path: '', message: TAKEN }]
          : undefined
  if (!errors) throw error
  for (const { report } of rows) Object.assign(report, { outcome: 'refused', errors })
}
