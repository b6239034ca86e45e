import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { creditParts } from '../../invoicing/credit-parts.schema.ts'
import { invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { billedServices } from '../../revenue/billed-services.store.ts'
import { otherBookId, planSchedules } from '../../revenue/line-schedule.ts'
import type { ScheduleEntry } from '../../revenue/recognition.ts'
import { revenueScheduleEntries, unscheduledLines } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { portionItem, standingItems } from './portion-item.ts'

/**
 * The portions of revenue that follow from invoice lines, from what credit makes of them and from what was taken back.
 * How a line is recognised was decided when it was scheduled; lines that a contract's plan covers have no portions of
 * their own. Of lines that are planned again as the criteria for their contract are judged, the sum of a day follows.
 */
export async function checkPortions(db: Db, page: FactPage): Promise<Checked> {
  const ids = await linesAfter(db, page)
  const lines = (await billedServices(db, ids)).filter(({ isCovered }) => !isCovered)
  const judged = lines.filter(({ unmet }) => unmet).flatMap(({ lineId }) => [lineId, otherBookId(lineId)])
  const recorded = await db
    .select()
    .from(revenueScheduleEntries)
    .where(inList(revenueScheduleEntries.lineId, [...new Set([...ids, ...judged])]))
  const plans = planSchedules(lines, { now: 0, entriesMax: Number.POSITIVE_INFINITY })
  const itemsOf = (portions: readonly Omit<ScheduleEntry, 'dueAt'>[]) => {
    const isOfJudged = ({ lineId }: { lineId: string }) => judged.includes(lineId)
    return [
      ...portions.filter((portion) => !isOfJudged(portion)).map(portionItem),
      ...standingItems('revenue_portion', portions.filter(isOfJudged)),
    ]
  }
  return {
    recomputed: itemsOf(plans.flatMap(({ entries }) => entries)),
    recorded: itemsOf(recorded),
    until: ids.length < page.limit ? null : (ids.at(-1) ?? null),
  }
}

/**
 * Lines, parts of credit and reversals that have been scheduled; those that still wait follow with the next run. Revenue
 * of an invoice that was taken over was recognised where it was issued.
 */
async function linesAfter(db: Db, { after, limit }: FactPage): Promise<string[]> {
  const idsOf = (table: typeof invoiceLines | typeof lineReversals | typeof creditParts) =>
    db
      .select({ id: sql<string>`${table.id}` })
      .from(table)
      .leftJoin(unscheduledLines, eq(unscheduledLines.lineId, table.id))
      .innerJoin(invoices, eq(invoices.id, table.invoiceId))
      .where(and(gt(table.id, after), isNull(unscheduledLines.lineId), isNull(invoices.origin)))
      .orderBy(asc(table.id))
      .limit(limit)
  const [lines, reversals, parts] = await Promise.all([
    idsOf(invoiceLines),
    idsOf(lineReversals),
    idsOf(creditParts),
  ])
  return [...lines, ...reversals, ...parts]
    .map(({ id }) => id)
    .sort()
    .slice(0, limit)
}
