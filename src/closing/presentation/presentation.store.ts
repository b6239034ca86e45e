import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import { presentedPositions, type StoredPosition } from './presentation.schema.ts'
import type { Found, Position } from './presentation.ts'
import { type FoundInBooks, type PresentedContract, presentationId } from './presentation-entry.ts'

/** A run for one contract, and what it found. */
export type PresentationRun = { of: PresentedContract; found: FoundInBooks }

type Row = typeof presentedPositions.$inferSelect

/** The last run of each contract of a legal entity for a month. */
export async function lastRuns(db: Db, entityRef: string, month: string): Promise<PresentationRun[]> {
  const rows = await db
    .select()
    .from(presentedPositions)
    .where(and(eq(presentedPositions.entityRef, entityRef), eq(presentedPositions.month, month)))
    .orderBy(asc(presentedPositions.run))
  const byContract = Map.groupBy(runsOf(rows), ({ of }) => `${of.currency} ${of.contractRef}`)
  return [...byContract.values()].map((runs) => runs.at(-1)!)
}

/** Runs in the order of their ids, and what the run before each of them found. */
export async function runsAfter(
  db: Db,
  after: string,
  limit: number,
): Promise<(PresentationRun & { before: FoundInBooks | undefined })[]> {
  const { sourceId, books } = presentedPositions
  const ids = db
    .select({ id: sourceId })
    .from(presentedPositions)
    .where(and(eq(books, 'primary'), gt(sourceId, after)))
    .orderBy(asc(sourceId))
    .limit(limit)
  const rows = await db.select().from(presentedPositions).where(inArray(sourceId, ids)).orderBy(asc(sourceId))
  const runs = runsOf(rows)
  const earlier = runs.map(({ of }) => presentationId({ ...of, run: of.run - 1 }))
  const found = runsOf(await db.select().from(presentedPositions).where(inList(sourceId, earlier)))
  const before = new Map(found.map((run) => [presentationId(run.of), run.found]))
  return runs.map((run, place) => ({ ...run, before: before.get(earlier[place]!) }))
}

export const insertRuns = (db: Db, runs: readonly PresentationRun[]): Statement[] =>
  insertRows(
    db,
    presentedPositions,
    runs.flatMap(({ of, found: { primary, both } }) => {
      const own = { ...of, sourceId: presentationId(of) }
      return [
        { ...own, books: 'primary' as const, ...storedOf(primary) },
        ...(both ? [{ ...own, books: 'both' as const, ...storedOf(both) }] : []),
      ]
    }),
  )

function runsOf(rows: readonly Row[]): PresentationRun[] {
  const bySource = Map.groupBy(rows, ({ sourceId }) => sourceId)
  return [...bySource.values()].flatMap((group) => {
    const primary = group.find(({ books }) => books === 'primary')
    const both = group.find(({ books }) => books === 'both')
    return primary ? [{ of: primary, found: { primary: foundOf(primary), both: both && foundOf(both) } }] : []
  })
}

const storedOf = ({ beside, ...own }: Found) => ({ ...own, beside: beside ? inTexts(beside) : null })

const inTexts = ({ isContract, ...amounts }: Position): StoredPosition => ({
  isContract,
  ...mapAmounts(amounts, String),
})

const foundOf = ({ beside, ...own }: Row): Found => ({ ...own, beside: beside && fromTexts(beside) })

const fromTexts = ({ isContract, ...amounts }: StoredPosition): Position => ({
  isContract,
  ...mapAmounts(amounts, BigInt),
})

const mapAmounts = <Name extends string, From, To>(
  amounts: Record<Name, From>,
  of: (amount: From) => To,
): Record<Name, To> =>
  Object.fromEntries(Object.entries<From>(amounts).map(([name, amount]) => [name, of(amount)])) as Record<
    Name,
    To
  >
