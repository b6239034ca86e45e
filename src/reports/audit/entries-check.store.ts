import type { JournalEvent } from '../../ledger/journal-event.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import { entryItem } from './entry-item.ts'
import type { FactPage } from './fact-kind.ts'
import { postedInRange } from './journal-range.store.ts'
import { FACTS, FACTS_OF, type FactName } from './registry.store.ts'

/** Entries that follow from some facts, and those that were posted for them. */
export async function checkEntries(db: Db, name: FactName, page: FactPage): Promise<Checked> {
  const facts = await FACTS[name](db, page)
  const last = facts.length < page.limit ? null : (facts.at(-1)?.id ?? null)
  const posted = await postedInRange(db, eventsOf(name), { ...page, until: last })
  const due = facts.filter(({ id }) => posted.until === null || id <= posted.until)
  return {
    recomputed: due.flatMap(({ entries }) => entries.map(entryItem)),
    recorded: posted.entries.map(entryItem),
    until: posted.until,
  }
}

const eventsOf = (name: FactName): JournalEvent[] =>
  (Object.keys(FACTS_OF) as JournalEvent[]).filter((event) => FACTS_OF[event] === name)
