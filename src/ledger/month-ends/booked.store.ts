import { type SQL, Subquery, sql } from 'drizzle-orm'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { AccountRole } from '../account.ts'
import { PRESENTATION_EVENTS } from '../journal-event.ts'

/** Which postings: up to a posting date and, where that is said, up to the number of an entry. */
export type BookedQuery = {
  to: LocalDate
  /** Without them those of all legal entities. */
  entityRefs?: readonly string[] | undefined
  /** Without them those of all accounts. */
  accounts?: readonly AccountRole[] | undefined
  /** The number of the last entry that counts. */
  through?: number | undefined
}

/** Behind every day that an entry may have. */
export const LAST_DAY = '9999-12-31'

const ALL_ENTRIES = Number.MAX_SAFE_INTEGER

/**
 * Rows that add up to what accounts hold at the end of a day: the balances of the last month end that was counted up to
 * it, and every posting since, so that years of history cost nothing. To be read as `booked`. That is the same as all
 * postings together, whatever was posted late: an entry stands in one of the four parts, by its day and number.
 */
export const bookedUpTo = ({
  to,
  entityRefs,
  accounts,
  through = ALL_ENTRIES,
}: BookedQuery): Subquery<'booked', Record<string, unknown>> => {
  const isAsked = (account: SQL): SQL => (accounts ? sql`AND ${account} IN ${list(accounts)}` : sql``)
  const line = sql`base.entity_ref, entry.book, entry.currency, posting.account, posting.customer_ref,
    posting.contract_ref, posting.invoice_id, posting.product_ref, posting.payment_id,
    entry.event IN ${list(PRESENTATION_EVENTS)}, posting.amount`
  const ofEntry = sql`posting.entry_id = entry.id AND entry.rowid <= ${through} ${isAsked(sql`posting.account`)}`
  const rows = sql`
    WITH base AS MATERIALIZED (${baseOf({ to, entityRefs }, sql`through`, through)}),
    late AS MATERIALIZED (${LATE})
    SELECT base.entity_ref, book, currency, account, customer_ref, contract_ref, invoice_id, product_ref, payment_id,
      is_presented, amount
    FROM base CROSS JOIN month_end_balances AS held
    WHERE held.entity_ref = base.entity_ref AND held.day = base.day ${isAsked(sql`held.account`)}
    UNION ALL
    SELECT ${line} FROM base CROSS JOIN journal_entries AS entry CROSS JOIN postings AS posting
    WHERE entry.entity_ref = base.entity_ref AND entry.posting_date > base.day AND entry.posting_date <= ${to}
      AND ${ofEntry}
    UNION ALL
    SELECT ${line} FROM late AS base CROSS JOIN journal_entries AS entry CROSS JOIN postings AS posting
    WHERE entry.entity_ref = base.entity_ref AND entry.posting_date BETWEEN base.earliest AND base.day
      AND entry.rowid > base.through AND entry.rowid <= base.counted AND ${ofEntry}
    UNION ALL
    SELECT ${line} FROM journal_entries AS entry CROSS JOIN late AS base CROSS JOIN postings AS posting
    WHERE entry.rowid > (SELECT MIN(counted) FROM late) AND entry.entity_ref = base.entity_ref
      AND entry.rowid > base.counted AND entry.posting_date <= base.day AND ${ofEntry}`
  return new Subquery(rows, {}, 'booked')
}

/**
 * The same of functional amounts, up to the number of one of them: what is open in other currencies than the functional
 * one. To be read as `functional_booked`.
 */
export const functionalUpTo = ({
  to,
  entityRefs,
  accounts = [],
  through = ALL_ENTRIES,
}: BookedQuery): Subquery<'functional_booked', Record<string, unknown>> => {
  const line = sql`base.entity_ref, entry.book, entry.currency, line.account, line.customer_ref, line.contract_ref,
    line.invoice_id, line.amount, IIF(line.item IS NULL, 0, line.functional_amount), line.functional_amount`
  const ofEntry = sql`line.rowid <= ${through} AND line.account IN ${list(accounts)}`
  const rows = sql`
    WITH base AS MATERIALIZED (${baseOf({ to, entityRefs }, sql`measured_through`, through)})
    SELECT base.entity_ref, book, currency, account, customer_ref, contract_ref, invoice_id, amount, carried, remeasured
    FROM base CROSS JOIN month_end_functional AS held
    WHERE held.entity_ref = base.entity_ref AND held.day = base.day AND held.account IN ${list(accounts)}
    UNION ALL
    SELECT ${line} FROM base CROSS JOIN journal_entries AS entry CROSS JOIN functional_amounts AS line
    WHERE entry.entity_ref = base.entity_ref AND entry.posting_date > base.day AND entry.posting_date <= ${to}
      AND line.entry_id = entry.id AND ${ofEntry}
    UNION ALL
    SELECT ${line} FROM functional_amounts AS line CROSS JOIN journal_entries AS entry CROSS JOIN base
    WHERE line.rowid > ${firstLate} AND entry.id = line.entry_id AND entry.entity_ref = base.entity_ref
      AND line.rowid > base.through AND entry.posting_date <= base.day AND ${ofEntry}`
  return new Subquery(rows, {}, 'functional_booked')
}

/**
 * How far entries under the days of a month end may have been posted after it was counted: those that later month ends
 * counted, the earliest day of which is known, and all that none has counted.
 */
const LATE = sql`
  SELECT entity_ref, day, through,
    (SELECT MAX(later.through) FROM month_ends AS later WHERE later.entity_ref = base.entity_ref) AS counted,
    (SELECT MIN(later.earliest) FROM month_ends AS later
      WHERE later.entity_ref = base.entity_ref AND later.day > base.day) AS earliest
  FROM base WHERE day <> ''`

/** Each entity with the last month end up to a day that counted no later number; where there is none it begins at ''. */
const baseOf = (
  { to, entityRefs }: Pick<BookedQuery, 'to' | 'entityRefs'>,
  counted: SQL,
  through: number,
): SQL => sql`
  SELECT entity.ref AS entity_ref, COALESCE(month_ends.day, '') AS day, COALESCE(month_ends.${counted}, 0) AS through
  FROM (${entityRefs ? sql`SELECT value AS ref FROM json_each(${JSON.stringify(entityRefs)})` : sql`SELECT ref FROM legal_entities`}) AS entity
    LEFT JOIN month_ends ON month_ends.entity_ref = entity.ref AND month_ends.day = (
      SELECT MAX(earlier.day) FROM month_ends AS earlier
      WHERE earlier.entity_ref = entity.ref AND earlier.day <= ${to} AND earlier.${counted} <= ${through})`

/** Entries up to this number are in every month end that was counted, or belong to days after it. */
const firstLate = sql`(SELECT MIN(through) FROM base WHERE day <> '')`

const list = (values: readonly string[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`
