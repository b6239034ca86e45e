import { addDays, addMonths, type Instant, localDate, monthOf, startOfDay } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import { bookkeepers, periodsOf } from '../../ledger/periods.store.ts'
import type { Db } from '../../storage/db.store.ts'
import { type CloseChecklist, closeChecklist } from './checklist.ts'
import { readTies } from './ties.store.ts'
import { readWaiting } from './waiting.store.ts'

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
  const [periods, waiting, ties] = await Promise.all([
    periodsOf(db, month, [entityRef]),
    readWaiting(db, { entityRef, lastDay: addDays(next, -1), until }),
    readTies(db, entityRef),
  ])
  return closeChecklist({
    entityRef,
    month,
    status: periods.get(entityRef)?.status ?? 'open',
    isOver: month < monthOf(localDate(now, entity.timezone)),
    waiting,
    ties,
  })
}
