import { addDays, addMonths, type Instant, localDate, monthOf, startOfDay } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import { remeasurementsDue } from '../../ledger/fx/closing.store.ts'
import { waitingForRates } from '../../ledger/fx/pending.store.ts'
import { bookkeepers, periodsOf } from '../../ledger/periods.store.ts'
import { type Accruing, accruingEntities } from '../../revenue/accrual/passes.store.ts'
import type { Db } from '../../storage/db.store.ts'
import { planPresentations } from '../presentation/present.job.ts'
import { type CloseChecklist, closeChecklist } from './checklist.ts'
import { readTies } from './ties.store.ts'
import { readWaiting } from './waiting.store.ts'

/** Where several currencies have no rate yet, or an amount has two sides, there is no sum to be told. */
const NO_AMOUNTS = new Map<string, bigint>()

/** What stands between a month and its close, for one legal entity. Throws `entity_not_found`. */
export async function readChecklist(
  db: Db,
  { entityRef, month }: { entityRef: string; month: string },
  now: Instant,
): Promise<CloseChecklist> {
  const [entity] = await bookkeepers(db, entityRef)
  if (!entity) throw notFound('entity', entityRef)
  const next = addMonths(`${month}-01`, 1)
  const until = Math.min(startOfDay(next, entity.timezone), now)
  const lastDay = addDays(next, -1)
  const [periods, waiting, [accruing], positions, rates, balances, ties] = await Promise.all([
    periodsOf(db, month, [entityRef]),
    readWaiting(db, { entityRef, lastDay, until }),
    accruingEntities(db, [entityRef]),
    planPresentations(db, now, { month, entityRefs: [entityRef] }),
    waitingForRates(db, { entityRef, to: lastDay }),
    remeasurementsDue(db, { now, month, entityRefs: [entityRef] }),
    readTies(db, entityRef),
  ])
  const unmeasured = rates.reduce((total, { entries }) => total + entries, 0)
  return closeChecklist({
    entityRef,
    month,
    status: periods.get(entityRef)?.status ?? 'open',
    isOver: month < monthOf(localDate(now, entity.timezone)),
    waiting: {
      ...waiting,
      accruals_not_made: { count: hasAccrued(accruing, month) ? 0 : 1, amounts: NO_AMOUNTS },
      positions_not_presented: { count: positions.length, amounts: NO_AMOUNTS },
      fx_not_measured: { count: unmeasured, amounts: NO_AMOUNTS },
      fx_not_remeasured: { count: balances.length, amounts: NO_AMOUNTS },
    },
    ties,
  })
}

/** True when all contracts were looked at for the month, or for a later one. */
const hasAccrued = (accruing: Accruing | undefined, month: string): boolean => {
  const pass = accruing?.pass
  return !!pass && (pass.month > month || (pass.month === month && pass.doneAt !== null))
}
