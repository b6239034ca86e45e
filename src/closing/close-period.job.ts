import { type Actor, audit } from '../access/access.store.ts'
import type { Env } from '../env.ts'
import { localDate } from '../kernel/calendar.ts'
import { conflict, notFound } from '../kernel/problem.ts'
import { type PeriodStatus, refuseRunning } from '../ledger/accounting-period.ts'
import { bookkeepers, type PeriodRow, periodsOf, writePeriod } from '../ledger/periods.store.ts'
import { commit, type Db, isRefusedBy } from '../storage/db.store.ts'
import { takeCloseSteps } from './close-entries.job.ts'

export type PeriodChange = {
  month: string
  status: PeriodStatus
  /** Without it the month of every legal entity. */
  entityRef?: string | undefined
  reason?: string | undefined
}

/**
 * Locks a month of the books, with the entries of its end, or opens it again, for one entity or for all of them at once.
 * Entities whose month has
 * that status already are left as they are, so that a repeat changes nothing and leaves no trace.
 *
 * @throws Problem 404 for an unknown entity; 409 `period_not_over` for a month that still runs where the books are
 * kept, and `period_locked` for a soft lock over a lock: that would open the month without a word.
 */
export async function changePeriod(
  env: Env,
  db: Db,
  actor: Actor,
  change: PeriodChange,
): Promise<PeriodRow[]> {
  const { month, status } = change
  const entities = await bookkeepers(db, change.entityRef)
  if (change.entityRef !== undefined && entities.length === 0) throw notFound('entity', change.entityRef)
  for (const { ref, timezone } of entities) refuseRunning(ref, month, localDate(actor.now, timezone))
  const refs = entities.map(({ ref }) => ref)
  const before = await periodsOf(db, month, refs)
  if (status === 'soft_locked') for (const ref of refs) refuseSofter(before.get(ref))
  const rows = refs.map((entityRef) => ({
    entityRef,
    month,
    status,
    reason: change.reason ?? null,
    changedAt: actor.now,
    changedBy: actor.principal.label,
  }))
  const changed = rows.filter((row) => statusOf(before.get(row.entityRef)) !== status)
  if (status !== 'open') await takeCloseSteps(env, db, actor.now, month, takingEntries(changed, before))
  const statements = changed.flatMap((row) => [
    writePeriod(db, row),
    ...audit(db, actor, {
      action: status === 'open' ? 'period.unlock' : 'period.lock',
      subject: `${row.entityRef} ${month}`,
      before: { status: statusOf(before.get(row.entityRef)) },
      after: { status, reason: row.reason },
    }),
  ])
  await commit(db, statements).catch((error) => {
    throw isRefusedBy(error, 'accounting period is locked') ? alreadyLocked(month, refs) : error
  })
  return rows.map((row) => (changed.includes(row) ? row : (before.get(row.entityRef) ?? row)))
}

/** The entities whose month still takes the entries of its end. */
const takingEntries = (closing: readonly PeriodRow[], before: ReadonlyMap<string, PeriodRow>): string[] =>
  closing.map(({ entityRef }) => entityRef).filter((ref) => statusOf(before.get(ref)) !== 'locked')

const statusOf = (row: PeriodRow | undefined): PeriodStatus => row?.status ?? 'open'

function refuseSofter(before: PeriodRow | undefined): void {
  if (before?.status === 'locked') throw alreadyLocked(before.month, [before.entityRef])
}

const alreadyLocked = (month: string, refs: readonly string[]) =>
  conflict(
    'period_locked',
    `The month ${month} of "${refs.join('", "')}" is locked; unlock it first, with a reason.`,
  )
