import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { functionalCurrency } from '../../ledger/fx/functional-currency.store.ts'
import { measurements } from '../../ledger/fx/fx.schema.ts'
import type { ForeignBooks } from '../../ledger/fx/measurement.store.ts'
import { groupsBefore } from '../../ledger/fx/position-group.ts'
import { joiningsIn } from '../../ledger/fx/position-groups.store.ts'
import { rateOn } from '../../ledger/fx/rate.ts'
import { knownTo, ratesInUse } from '../../ledger/fx/rates-in-use.store.ts'
import { openBalances } from '../../ledger/fx/remeasurement.store.ts'
import {
  positionsAsOne,
  REMEASURED,
  type RemeasurementEntry,
  remeasure,
} from '../../ledger/fx/remeasurement.ts'
import { BOOKS } from '../../ledger/journal-entry.ts'
import { journalEntries } from '../../ledger/ledger.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactPage } from './fact-kind.ts'

/** A run that took open balances to a closing rate: its source, and what it posts. */
type Run = { id: string; entries: RemeasurementEntry[] }

type RunRow = {
  id: string
  number: number
  sourceId: string
  postingDate: string
  belongsTo: string | null
  recordedAt: number
  rateDate: string | null
  books: ForeignBooks
}

/** Runs made again: with the balances that they found, and the rates that were known. */
export async function remeasurementRuns(db: Db, { after, limit }: FactPage): Promise<Run[]> {
  const { id, event, sourceId, postingDate, belongsTo, recordedAt, entityRef, book, currency } =
    journalEntries
  const { rounding, fxSource } = legalEntities
  const rows: RunRow[] = await db
    .select({
      id,
      number: sql<number>`journal_entries.rowid`,
      sourceId,
      postingDate,
      belongsTo,
      recordedAt,
      rateDate: measurements.rateDate,
      books: { entityRef, book, currency, functionalCurrency, rounding, fxSource },
    })
    .from(journalEntries)
    .innerJoin(legalEntities, eq(legalEntities.ref, entityRef))
    .leftJoin(measurements, eq(measurements.entryId, id))
    // Both books by name: the index of sources begins with the book.
    .where(and(inArray(book, [...BOOKS]), eq(event, REMEASURED), gt(sourceId, after)))
    .orderBy(asc(sourceId), asc(book))
    .limit(limit)
  return Promise.all(rows.map((row) => madeAgain(db, row)))
}

async function madeAgain(db: Db, row: RunRow): Promise<Run> {
  const { entityRef, book, currency, functionalCurrency: to } = row.books
  const monthEnd = row.belongsTo ?? row.postingDate
  const [open, rates, joinings] = await Promise.all([
    openBalances(db, monthEnd, [entityRef], row.id),
    ratesInUse(db, row.books, [monthEnd]),
    joiningsIn(db, [entityRef]),
  ])
  const own = open.filter((balance) => balance.book === book && balance.currency === currency)
  const balances = positionsAsOne(own, groupsBefore(joinings, row.number))
  const known = knownTo(rates, { measuredAt: row.recordedAt, rateDate: row.rateDate })
  const rate = rateOn(known, { from: currency, to, date: monthEnd })
  const run = Number(row.sourceId.split(':').at(-1))
  const of = { entityRef, book, currency, monthEnd, run, recordedAt: row.recordedAt }
  return { id: row.sourceId, entries: rate ? remeasure(balances, rate, row.books, of) : [] }
}
