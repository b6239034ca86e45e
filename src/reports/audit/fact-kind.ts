import type { JournalEntry } from '../../ledger/journal-entry.ts'

/** A fact, by the id that its entries have as their source, and the entries that follow from it. */
export type FactEntries = { id: string; entries: JournalEntry[] }

/** The facts of a kind that come next in the order of their ids. */
export type FactPage = { after: string; limit: number }
