import type { Instant } from '../../kernel/calendar.ts'
import { conflict } from '../../kernel/problem.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods, isPeriodClosed } from '../../ledger/periods.store.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import type { FoundContract } from './found.ts'
import { lastEntry } from './positions.store.ts'
import { insertRuns, lastRuns, type PresentationRun } from './presentation.store.ts'
import { NOTHING_FOUND } from './presentation.ts'
import { type FoundInBooks, NOTHING_BEFORE, presentationEntries } from './presentation-entry.ts'
import { readFound } from './read-found.job.ts'

/** Contracts whose entries are written in one commit. */
const PAGE = 500

/** A run that changes how one contract stands in the balance sheet of a month, and what the run before it found. */
export type Presentation = PresentationRun & { before: FoundInBooks }

/** What a run posts. */
export const entriesOf = ({ of, found, before }: Presentation): JournalEntry[] =>
  presentationEntries(of, found, before)

export type PresentedMonth = { month: string; entityRefs: readonly string[] }

/**
 * Shows the contract positions of a month on the accounts of the balance sheet, and takes that back on the next day.
 * Repeated, it posts only what has come since. Throws 409 `closed_meanwhile` where somebody else does the same.
 */
export async function presentPositions(db: Db, now: Instant, asked: PresentedMonth): Promise<Presentation[]> {
  const presentations = await planPresentations(db, now, asked)
  for (let start = 0; start < presentations.length; start += PAGE) {
    await post(db, presentations.slice(start, start + PAGE))
  }
  return presentations
}

/** The same without posting it. */
export async function planPresentations(
  db: Db,
  now: Instant,
  { month, entityRefs }: PresentedMonth,
): Promise<Presentation[]> {
  const planned: Presentation[] = []
  for (const entityRef of entityRefs) planned.push(...(await planOf(db, now, month, entityRef)))
  return planned
}

async function planOf(db: Db, now: Instant, month: string, entityRef: string): Promise<Presentation[]> {
  const through = await lastEntry(db)
  const [contracts, before] = await Promise.all([
    readFound(db, { entityRef, day: lastDayOf(month), through }),
    lastRuns(db, entityRef, month),
  ])
  const runs = new Map(before.map((run) => [keyOf(run.of), run]))
  return [...contracts, ...gone(before, contracts)].flatMap(({ found, ...contract }) => {
    const last = runs.get(keyOf(contract))
    const run = (last?.of.run ?? 0) + 1
    const of = { ...contract, entityRef, month, run, through, recordedAt: now }
    const presentation = { of, found, before: last?.found ?? NOTHING_BEFORE }
    return entriesOf(presentation).length === 0 ? [] : [presentation]
  })
}

/** What a run before has found, and what holds nothing by now. */
function gone(before: readonly PresentationRun[], found: readonly FoundContract[]): FoundContract[] {
  const known = new Set(found.map(keyOf))
  return before
    .filter(({ of }) => !known.has(keyOf(of)))
    .map(({ of: { currency, contractRef, customerRef }, found: { both } }) => ({
      ...{ currency, contractRef, customerRef },
      found: { primary: NOTHING_FOUND, both: both && NOTHING_FOUND },
    }))
}

const keyOf = ({ currency, contractRef }: { currency: string; contractRef: string }): string =>
  `${currency} ${contractRef}`

async function post(db: Db, presentations: readonly Presentation[]): Promise<void> {
  const entries = presentations.flatMap(entriesOf)
  const closed = await closedPeriods(
    db,
    entries.map(({ entityRef }) => entityRef),
  )
  try {
    await commit(db, [...postEntries(db, entries, closed), ...insertRuns(db, presentations)])
  } catch (error) {
    if (!isUniqueViolation(error) && !isPeriodClosed(error)) throw error
    throw conflict('closed_meanwhile', 'Somebody else closes this month; try again.')
  }
}
