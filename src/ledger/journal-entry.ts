import type { LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import type { AccountRole } from './account.ts'
import type { JournalEvent } from './journal-event.ts'

export type Dimensions = {
  customerRef?: string
  contractRef?: string
  invoiceId?: string
  productRef?: string
  /** The payment whose unapplied money it is. */
  paymentId?: string
}

/** One side of an entry: debit positive, credit negative. */
export type Posting = { account: AccountRole; amount: Minor } & Dimensions

/**
 * A set of books. `primary` follows the framework of the legal entity and holds every entry; `secondary` holds what the
 * other framework of an entity that reports under both has otherwise.
 */
export const BOOKS = ['primary', 'secondary'] as const

export type Book = (typeof BOOKS)[number]

export type JournalEntry = {
  id: string
  book: Book
  entityRef: string
  postingDate: LocalDate
  event: JournalEvent
  sourceId: string
  currency: string
  description: string
  recordedAt: number
  /** The day of the event, where its month was closed and the entry stands in a later one. */
  belongsTo?: LocalDate
  /** Who posted it by hand; none where a job did. */
  postedBy?: string
  /** The entry that this one takes back; each is taken back at most once. */
  reverses?: string
  postings: Posting[]
}

/**
 * A balanced entry for one business event; its id follows from the event and its source (and the book, where that is
 * not the primary one), so that posting it again meets the same row. Zero postings are left out. Throws if debits and
 * credits differ: that is a programming error.
 */
export function journalEntry(fields: Omit<JournalEntry, 'id' | 'book'> & { book?: Book }): JournalEntry {
  const { book = 'primary', event, sourceId } = fields
  const postings = fields.postings.filter((posting) => posting.amount !== 0n)
  const difference = sum(postings.map((posting) => posting.amount))
  assert(difference === 0n, `${fields.event} ${fields.sourceId} is out of balance by ${difference}`)
  return { ...fields, book, postings, id: entryId(event, sourceId, book) }
}

/** The id of the entry that an event posted, for `reverses`. */
export const entryId = (event: JournalEvent, sourceId: string, book: Book = 'primary'): string =>
  book === 'primary' ? derivedId('je', event, sourceId) : derivedId('je', event, sourceId, book)

export const debit = (account: AccountRole, amount: Minor, dimensions: Dimensions = {}): Posting => ({
  account,
  amount,
  ...dimensions,
})

export const credit = (account: AccountRole, amount: Minor, dimensions: Dimensions = {}): Posting => ({
  account,
  amount: -amount,
  ...dimensions,
})
