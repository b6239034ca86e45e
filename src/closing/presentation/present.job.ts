import type { Instant } from '../../kernel/calendar.ts'
import { conflict } from '../../kernel/problem.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods, isPeriodClosed } from '../../ledger/periods.store.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import { insertRuns, lastRuns, type PresentationRun } from './presentation.store.ts'
import { NOTHING_BEFORE, presentationEntries } from './presentation-entry.ts'
import { readFound } from './read-found.job.ts'

/** Contracts whose entries are written in one commit. */
const PAGE = 200

/** What shows the position of one contract as the balance sheet of a month has it, as far as that is not posted yet. */
export type Presentation = PresentationRun & { entries: JournalEntry[] }

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
  const [contracts, runs] = await Promise.all([
    readFound(db, entityRef, lastDayOf(month)),
    lastRuns(db, entityRef, month),
  ])
  const before = new Map(runs.map((run) => [keyOf(run.of), run]))
  return contracts.flatMap(({ found, ...contract }) => {
    const last = before.get(keyOf(contract))
    const of = { ...contract, entityRef, month, run: (last?.of.run ?? 0) + 1, recordedAt: now }
    const entries = presentationEntries(of, found, last?.found ?? NOTHING_BEFORE)
    return entries.length === 0 ? [] : [{ of, found, entries }]
  })
}

const keyOf = ({ currency, contractRef }: { currency: string; contractRef: string }): string =>
  `${currency} ${contractRef}`

async function post(db: Db, presentations: readonly Presentation[]): Promise<void> {
  const entries = presentations.flatMap((presentation) => presentation.entries)
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
