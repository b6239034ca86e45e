import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { contracts } from '../contracts/contracts.schema.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import { type GivenUp, lossLeft } from '../invoicing/corrections/recovery.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { Lost } from './match.ts'

/** What is lost of invoices that were written off, and can still be recovered. */
export async function lossesOf(db: Db, invoiceIds: readonly string[]): Promise<Map<string, Lost>> {
  if (invoiceIds.length === 0) return new Map()
  const [headers, given, taken] = await Promise.all([
    db
      .select({ id: invoices.id, currency: invoices.currency })
      .from(invoices)
      .where(inList(invoices.id, invoiceIds)),
    db
      .select()
      .from(allocations)
      .where(and(inList(allocations.invoiceId, invoiceIds), eq(allocations.kind, 'write_off')))
      .orderBy(asc(sql`${allocations}.rowid`)),
    takenOfLines(db, invoiceIds),
  ])
  return new Map(
    headers.flatMap(({ id, currency }): [string, Lost][] => {
      const isOwn = ({ invoiceId }: { invoiceId: string }) => invoiceId === id
      const loss = lossLeft(given.filter(isOwn), currency)
      const givenUp = givenUpOf(taken.filter(({ reversal }) => isOwn(reversal)))
      return loss ? [[id, { ...loss, givenUp }]] : []
    }),
  )
}

/** Credit that a line sold is granted again by hand; it does not come back with the money. */
const takenOfLines = (db: Db, invoiceIds: readonly string[]) =>
  db
    .select({
      reversal: lineReversals,
      endsOn: sql<LocalDate | null>`json_extract(${contracts.terms}, '$.end_date')`,
    })
    .from(lineReversals)
    .innerJoin(invoiceLines, eq(invoiceLines.id, lineReversals.lineId))
    .leftJoin(contracts, eq(contracts.ref, invoiceLines.contractRef))
    .where(
      and(
        inList(lineReversals.invoiceId, invoiceIds),
        inArray(lineReversals.cause, ['write_off', 'recovery']),
        isNull(invoiceLines.sellsCredit),
      ),
    )

/** Each row that a write-off took, with what came back of it. */
const givenUpOf = (taken: readonly { reversal: LineReversal; endsOn: LocalDate | null }[]): GivenUp[] =>
  taken
    .filter(({ reversal }) => reversal.cause === 'write_off')
    .map(({ reversal, endsOn }) => {
      const back = taken.filter(
        (one) => one.reversal.cause === 'recovery' && one.reversal.position === reversal.position,
      )
      return { ...reversal, endsOn, back: -sum(back.map((one) => one.reversal.amount)) }
    })
