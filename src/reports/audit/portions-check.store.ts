import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { creditParts } from '../../invoicing/credit-parts.schema.ts'
import { invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { billedServices } from '../../revenue/billed-services.store.ts'
import { planSchedule } from '../../revenue/recognition.ts'
import { revenueScheduleEntries, revenueSchedules, unscheduledLines } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { portionItem } from './portion-item.ts'

/**
 * The portions of revenue that follow from invoice lines and from what was taken back of them. How a line is recognised
 * was decided when it was scheduled; lines that a contract's plan covers have no portions of their own.
 */
export async function checkPortions(db: Db, page: FactPage): Promise<Checked> {
  const ids = await linesAfter(db, page)
  const [lines, schedules, portions] = await Promise.all([
    billedServices(db, ids),
    db.select().from(revenueSchedules).where(inList(revenueSchedules.lineId, ids)),
    db.select().from(revenueScheduleEntries).where(inList(revenueScheduleEntries.lineId, ids)),
  ])
  const methods = new Map(schedules.map(({ lineId, method }) => [lineId, method]))
  const due = lines.filter(({ lineId, isCovered }) => !isCovered || methods.has(lineId))
  return {
    recomputed: due.flatMap((line) => {
      const method = methods.get(line.lineId) ?? line.method
      return planSchedule({ ...line, method }, 0).entries.map(portionItem)
    }),
    recorded: portions.map(portionItem),
    until: ids.length < page.limit ? null : (ids.at(-1) ?? null),
  }
}

/**
 * Lines and reversals that have been scheduled; those that still wait follow with the next run. Revenue of an invoice
 * that was taken over was recognised where it was issued.
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
