import { formatMoney, type Minor } from '../../kernel/money.ts'
import type { Dimensions, JournalEntry, Posting } from '../../ledger/journal-entry.ts'
import type { Item } from './compare.ts'

type Line = { account: string; amount: Minor } & { [Name in keyof Dimensions]?: string | null | undefined }

/** An entry as it is planned, or as it was posted. */
export type AnyEntry = Omit<JournalEntry, 'event' | 'belongsTo' | 'postedBy' | 'reverses' | 'postings'> & {
  event: string
  belongsTo?: string | null | undefined
  reverses?: string | null | undefined
  postings: readonly Line[]
}

const DIMENSIONS = [
  'customerRef',
  'contractRef',
  'invoiceId',
  'productRef',
  'paymentId',
] as const satisfies readonly (keyof Posting)[]

/**
 * Everything of an entry but when and by whom it was written down. What belongs to a closed month stands on the first day
 * of a later one: then the day of the event counts.
 */
export function entryItem(entry: AnyEntry): Item {
  const { belongsTo, postingDate, currency } = entry
  const isMoved = belongsTo != null && postingDate > belongsTo && postingDate.endsWith('-01')
  return {
    kind: entry.event,
    id: entry.id,
    content: {
      source_id: entry.sourceId,
      book: entry.book,
      entity_ref: entry.entityRef,
      posting_date: isMoved ? belongsTo : postingDate,
      currency,
      description: entry.description,
      ...(entry.reverses != null && { reverses: entry.reverses }),
      ...Object.fromEntries(
        entry.postings.map((line, place) => [`postings.${place + 1}`, lineText(line, currency)]),
      ),
    },
  }
}

/** `accounts_receivable 119.00 customerRef=acme`: debit positive. */
const lineText = (line: Line, currency: string): string =>
  [
    line.account,
    formatMoney(line.amount, currency),
    ...DIMENSIONS.flatMap((name) => (line[name] == null ? [] : `${name}=${line[name]}`)),
  ].join(' ')
