import { and, asc, eq, gt, notInArray, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { placeAfter } from '../../kernel/page.ts'
import { functionalCurrency } from '../../ledger/fx/functional-currency.store.ts'
import { measurements } from '../../ledger/fx/fx.schema.ts'
import { firstDayOf, measureInOrder } from '../../ledger/fx/measure-plan.ts'
import {
  type ForeignBooks,
  functionalLines,
  type ItemsBefore,
  openItemsBefore,
} from '../../ledger/fx/measurement.store.ts'
import { itemsFor } from '../../ledger/fx/pool.ts'
import { groupsBefore, type Joining } from '../../ledger/fx/position-group.ts'
import { joiningsOf } from '../../ledger/fx/position-groups.store.ts'
import { type ImportedRate, knownTo, ratesInUse, type UsedRate } from '../../ledger/fx/rates-in-use.store.ts'
import { journalEntries } from '../../ledger/ledger.schema.ts'
import { type PostedEntry, withLines } from '../../ledger/lines.store.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { Item } from './compare.ts'
import type { FactPage } from './fact-kind.ts'
import { functionalItem } from './functional-item.ts'

/** Entries that move the functional currency alone follow from a closing rate and not from postings. */
const REMEASUREMENTS = ['fx_remeasured', 'fx_remeasurement_reversed']

type Measured = UsedRate & { entry: PostedEntry; number: number; books: ForeignBooks }

/**
 * What entries in other currencies are worth in the functional one: measured again in the order in which they were, with
 * the open items that they found and the rates that were known.
 */
export async function checkMeasurements(db: Db, page: FactPage): Promise<Checked> {
  const { until, measured } = await measuredAfter(db, page)
  const lines = await functionalLines(
    db,
    measured.flatMap(({ entry }) => [entry.id, ...(entry.reverses === null ? [] : [entry.reverses])]),
  )
  const runs = inRuns(measured)
  const [ratesOf, joinings] = await Promise.all([
    ratesOfBooks(db, measured),
    joiningsOf(
      db,
      measured.map(({ entry }) => entry),
    ),
  ])
  const holdings = await openItemsBefore(
    db,
    runs.map((run) => itemsOf(run, joinings)),
  )
  const recomputed = runs.flatMap((run): Item[] => {
    const { books, entry, number, ...used } = run[0]!
    return measureInOrder(
      run.map((one) => one.entry),
      {
        ...books,
        rates: knownTo(ratesOf.get(keyOf(books)) ?? [], used),
        holdings: holdings.get(entry.id) ?? new Map(),
        groups: groupsBefore(joinings, number),
        joinings,
        reversed: lines,
      },
    ).map((again) => functionalItem(again.entryId, again.lines))
  })
  return {
    recomputed,
    recorded: measured.map(({ entry }) => functionalItem(entry.id, lines.get(entry.id) ?? [])),
    until,
  }
}

/** Entries that follow one another, of the same books and measured with the rates of the same day. */
function inRuns(measured: readonly Measured[]): Measured[][] {
  const runs: Measured[][] = []
  let before: string | undefined
  for (const one of measured) {
    const { books, measuredAt, rateDate } = one
    const key = [keyOf(books), measuredAt, rateDate].join('\n')
    if (key === before) runs.at(-1)?.push(one)
    else runs.push([one])
    before = key
  }
  return runs
}

/** What the entries of a run are measured with, the first of them, and the first of their days. */
function itemsOf(run: readonly Measured[], joinings: readonly Joining[]): ItemsBefore {
  const entries = run.map(({ entry }) => entry)
  return { entry: entries[0]!.id, items: itemsFor(entries, joinings), after: firstDayOf(entries) }
}

/** The rates that may be in use for the entries of each set of books: one read for all its runs. */
async function ratesOfBooks(db: Db, measured: readonly Measured[]): Promise<Map<string, ImportedRate[]>> {
  const byBooks = [...Map.groupBy(measured, ({ books }) => keyOf(books))]
  return new Map(
    await Promise.all(
      byBooks.map(async ([key, own]): Promise<[string, ImportedRate[]]> => {
        const days = own.map(({ entry }) => entry.belongsTo ?? entry.postingDate)
        return [key, await ratesInUse(db, own[0]!.books, days)]
      }),
    ),
  )
}

const keyOf = ({ entityRef, book, currency }: ForeignBooks): string => [entityRef, book, currency].join('\n')

/** Measurements in the order in which they were written: the place of each is SQLite's rowid. */
async function measuredAfter(db: Db, { after, limit }: FactPage) {
  const place = sql<number>`measurements.rowid`
  const { entityRef, book, currency } = journalEntries
  const { rounding, fxSource } = legalEntities
  const rows = await db
    .select({
      place,
      number: sql<number>`journal_entries.rowid`,
      measuredAt: measurements.measuredAt,
      rateDate: measurements.rateDate,
      entry: journalEntries,
      books: { entityRef, book, currency, functionalCurrency, rounding, fxSource },
    })
    .from(measurements)
    .innerJoin(journalEntries, eq(journalEntries.id, measurements.entryId))
    .innerJoin(legalEntities, eq(legalEntities.ref, entityRef))
    .where(
      and(gt(place, placeAfter(after || undefined) ?? 0), notInArray(journalEntries.event, REMEASUREMENTS)),
    )
    .orderBy(asc(place))
    .limit(limit)
  const entries = await withLines(
    db,
    rows.map(({ entry }) => entry),
  )
  return {
    until: rows.length < limit ? null : String(rows.at(-1)?.place),
    measured: rows.map(
      ({ books, number, measuredAt, rateDate }, at): Measured => ({
        books,
        number,
        measuredAt,
        rateDate,
        entry: entries[at]!,
      }),
    ),
  }
}
