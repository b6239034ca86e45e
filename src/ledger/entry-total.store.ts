import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Minor } from '../kernel/money.ts'
import type { Db } from '../storage/db.store.ts'
import { ofEntries, touched } from './entry-filter.store.ts'
import type { EntryFilter } from './entry-filter.ts'
import { journalEntries, postings } from './ledger.schema.ts'
import { bookedUpTo, LAST_DAY } from './month-ends/booked.store.ts'
import { booked } from './month-ends/month-ends.schema.ts'

/** Accounts whose balances at a month's end are told apart by customer and contract. */
const APART = ['accounts_receivable', 'contract_position']

type Sum = { currency: string; net: string }

/**
 * What the postings that fit a filter add up to in each currency, minor units, debit positive: of an entry only those that
 * are asked for, so that the total is the figure that led here. All that stands on an account up to a day is read from the
 * last month end on.
 */
export async function entriesTotal(db: Db, filter: EntryFilter): Promise<Map<string, Minor>> {
  const rows = await (isBalance(filter) ? balance(db, filter) : postedSum(db, filter))
  return new Map(rows.map(({ currency, net }) => [currency, BigInt(net)]))
}

const BALANCE_FILTERS = ['account', 'to', 'entityRef', 'currency', 'presented']

function isBalance({ account, ...filter }: EntryFilter): boolean {
  const counted = APART.includes(account ?? '') ? ['customerRef', 'contractRef'] : []
  const filters = [...BALANCE_FILTERS, ...counted]
  return (
    account !== undefined &&
    Object.entries(filter).every(([name, value]) => value === undefined || filters.includes(name))
  )
}

const net = (amount: SQL | typeof postings.amount) => sql<string>`CAST(COALESCE(SUM(${amount}), 0) AS TEXT)`

/** Entries of some days or of one source are found first, and else the postings of the account or of what they are for. */
function postedSum(db: Db, filter: EntryFilter): Promise<Sum[]> {
  const sums = db.select({ currency: journalEntries.currency, net: net(postings.amount) })
  const { invoiceId, contractRef, customerRef, from, sourceId, schedule, entryId } = filter
  const isOfOne = invoiceId || contractRef || customerRef
  const lines =
    !isOfOne && (from || sourceId || schedule || entryId)
      ? sums.from(journalEntries).crossJoin(postings)
      : sums.from(postings).crossJoin(journalEntries)
  return lines
    .where(and(eq(postings.entryId, journalEntries.id), ofEntries(filter), touched(filter)))
    .groupBy(journalEntries.currency)
}

function balance(db: Db, filter: EntryFilter): Promise<Sum[]> {
  const { account, to, entityRef, currency, customerRef, contractRef, presented } = filter
  const entityRefs = entityRef ? [entityRef] : undefined
  const asked = (column: Parameters<typeof eq>[0], value: string | undefined) =>
    value ? eq(column, value) : undefined
  return db
    .select({ currency: booked.currency, net: net(sql`${booked.amount}`) })
    .from(bookedUpTo({ to: to ?? LAST_DAY, accounts: [account!], entityRefs }))
    .where(
      and(
        eq(booked.book, 'primary'),
        asked(booked.currency, currency),
        asked(booked.customerRef, customerRef),
        asked(booked.contractRef, contractRef),
        presented === false ? eq(booked.isPresented, false) : undefined,
      ),
    )
    .groupBy(booked.currency)
}
