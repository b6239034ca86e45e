import { addDays } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import { PRESENTED } from '../../ledger/fx/open-item.ts'
import { type Book, debit, entryId, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import {
  changeOf,
  type Found,
  isNothing,
  NOTHING_FOUND,
  type Presented,
  presentationOf,
} from './presentation.ts'

/** Which contract, in which books and currency, at the end of which month; `run` counts the runs that changed anything. */
export type PresentedContract = {
  entityRef: string
  contractRef: string
  customerRef: string | null
  currency: string
  /** `YYYY-MM` */
  month: string
  run: number
  /** The number of the last journal entry that was counted: what comes later is for the next run. */
  through: number
  recordedAt: number
}

/**
 * What a run found in the primary book; and in both books together, where the other framework of the entity has it
 * otherwise.
 */
export type FoundInBooks = { primary: Found; both: Found | undefined }

/** Before the first run of a month. */
export const NOTHING_BEFORE: FoundInBooks = { primary: NOTHING_FOUND, both: undefined }

/**
 * The entries that show a contract as the balance sheet has it: its position against unbilled receivable, contract asset,
 * deposits, refunds and advances that are not due, on the last day of a month, and the same the other way round on the
 * day after. What the run before has posted for the month is not posted again, so that a run repeated posts nothing.
 * The secondary book holds what both books together present otherwise than the primary one.
 *
 * @example 200.00 in debit for seats: Dr contract asset 200.00 / Cr position 200.00, and back on the next day
 */
export function presentationEntries(
  of: PresentedContract,
  found: FoundInBooks,
  before: FoundInBooks,
): JournalEntry[] {
  const [now, then] = [inEachBook(found), inEachBook(before)]
  return [
    ...entriesIn('primary', of, changeOf(now.primary, then.primary)),
    ...entriesIn('secondary', of, changeOf(now.secondary, then.secondary)),
  ]
}

function inEachBook({ primary: own, both }: FoundInBooks): Record<Book, Presented> {
  const primary = presentationOf(own)
  return { primary, secondary: changeOf(presentationOf(both ?? own), primary) }
}

function entriesIn(book: Book, of: PresentedContract, change: Presented): JournalEntry[] {
  if (isNothing(change)) return []
  const { entityRef, currency, recordedAt, contractRef, customerRef } = of
  const sourceId = presentationId(of)
  const dimensions = { contractRef, ...(customerRef !== null && { customerRef }) }
  const moved = sum(PRESENTED.map((account) => change[account]))
  const monthEnd = lastDayOf(of.month)
  const presented = journalEntry({
    ...{ book, entityRef, currency, sourceId, recordedAt },
    event: 'position_presented',
    postingDate: monthEnd,
    description: `Position of ${contractRef} as the balance sheet has it`,
    postings: [
      debit('contract_position', -moved, dimensions),
      ...PRESENTED.map((account) => debit(account, change[account], dimensions)),
    ],
  })
  const reversed = journalEntry({
    ...{ book, entityRef, currency, sourceId, recordedAt },
    event: 'position_presentation_reversed',
    postingDate: addDays(monthEnd, 1),
    description: `Position of ${contractRef} on its one account again`,
    reverses: entryId('position_presented', sourceId, book),
    postings: presented.postings.map((posting) => ({ ...posting, amount: -posting.amount })),
  })
  return [presented, reversed]
}

/** The source of the entries of a run. */
export const presentationId = ({
  month,
  currency,
  run,
  entityRef,
  contractRef,
}: Omit<PresentedContract, 'customerRef' | 'through' | 'recordedAt'>): string =>
  [month, currency, run, entityRef, contractRef].join(':')
