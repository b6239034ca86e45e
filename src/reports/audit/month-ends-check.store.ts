import { asc, type SQL, sql } from 'drizzle-orm'
import { MONETARY } from '../../ledger/fx/open-item.ts'
import { PRESENTATION_EVENTS } from '../../ledger/journal-event.ts'
import { monthEnds } from '../../ledger/month-ends/month-ends.schema.ts'
import { balancesOf, functionalOf, type MonthEnd } from '../../ledger/month-ends/month-ends.store.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { Item } from './compare.ts'
import type { FactPage } from './fact-kind.ts'

/** What accounts were counted with at the end of a month, against the sum of all entries up to then: one in a call. */
export async function checkMonthEnds(db: Db, { after }: FactPage): Promise<Checked> {
  const [entityRef = '', day = ''] = after === '' ? [] : (JSON.parse(after) as string[])
  const [end] = await db
    .select()
    .from(monthEnds)
    .where(sql`(${monthEnds.entityRef}, ${monthEnds.day}) > (${entityRef}, ${day})`)
    .orderBy(asc(monthEnds.entityRef), asc(monthEnds.day))
    .limit(1)
  if (!end) return { recomputed: [], recorded: [], until: null }
  const pairs = [
    ...(await differences(db, end, BALANCES, balancesOf(end, allBooked(end)))),
    ...(await differences(db, end, FUNCTIONAL, functionalOf(end, allFunctional(end)))),
  ]
  const counted: Item = { kind: 'month_end', id: `${end.entityRef} ${end.day}`, content: {} }
  return {
    recomputed: [counted, ...pairs.map(([due]) => due)],
    recorded: [counted, ...pairs.map(([, kept]) => kept)],
    until: JSON.stringify([end.entityRef, end.day]),
  }
}

/** A table of balances: what a balance is told apart by, and its amounts. */
type Balances = { table: string; keys: readonly string[]; amounts: readonly string[] }

const KEYS = ['book', 'currency', 'account', 'customer_ref', 'contract_ref', 'invoice_id']
const BALANCES: Balances = {
  table: 'month_end_balances',
  keys: [...KEYS, 'product_ref', 'payment_id', 'is_presented'],
  amounts: ['amount'],
}
const FUNCTIONAL: Balances = {
  table: 'month_end_functional',
  keys: KEYS,
  amounts: ['amount', 'carried', 'remeasured'],
}

/** The balances that are not what they ought to be: as they ought to be, and as they are kept. */
async function differences(db: Db, end: MonthEnd, of: Balances, due: SQL): Promise<[Item, Item][]> {
  const { table, keys, amounts } = of
  const names = sql.raw([...keys, ...amounts].join())
  const key = sql.raw(keys.join())
  const sums = (side: 'due' | 'kept') =>
    sql.raw(
      `json_array(${amounts.map((name) => `CAST(SUM(IIF(side = '${side}', ${name}, 0)) AS TEXT)`).join()})`,
    )
  const rows = await db.all<{ id: string; due: string; kept: string }>(sql`
    SELECT json_array(${key}) AS id, ${sums('due')} AS due, ${sums('kept')} AS kept FROM (
      SELECT 'due' AS side, ${names} FROM (${due})
      UNION ALL
      SELECT 'kept', ${names} FROM ${sql.raw(table)} WHERE entity_ref = ${end.entityRef} AND day = ${end.day})
    GROUP BY ${key} HAVING ${sums('due')} <> ${sums('kept')}`)
  return rows.map((row) => [itemOf(of, end, row.id, row.due), itemOf(of, end, row.id, row.kept)])
}

const itemOf = ({ table, amounts }: Balances, end: MonthEnd, id: string, sums: string): Item => ({
  kind: table,
  id: `${end.entityRef} ${end.day} ${id}`,
  content: Object.fromEntries((JSON.parse(sums) as string[]).map((sum, place) => [amounts[place]!, sum])),
})

const presented = sql.raw(PRESENTATION_EVENTS.map((event) => `'${event}'`).join())
const monetary = sql.raw(MONETARY.map((account) => `'${account}'`).join())

/** Every posting up to the day and the number, whatever was counted before. */
const allBooked = ({ entityRef, day, through }: MonthEnd): SQL => sql`(
  SELECT entity_ref, book, currency, account, customer_ref, contract_ref, invoice_id, product_ref, payment_id,
    event IN (${presented}) AS is_presented, amount
  FROM postings JOIN journal_entries ON journal_entries.id = entry_id
  WHERE entity_ref = ${entityRef} AND posting_date <= ${day} AND journal_entries.rowid <= ${through})`

const allFunctional = ({ entityRef, day, measuredThrough }: MonthEnd): SQL => sql`(
  SELECT entity_ref, book, currency, account, customer_ref, contract_ref, invoice_id, amount,
    IIF(item IS NULL, 0, functional_amount) AS carried, functional_amount AS remeasured
  FROM functional_amounts JOIN journal_entries ON journal_entries.id = entry_id
  WHERE entity_ref = ${entityRef} AND posting_date <= ${day} AND functional_amounts.rowid <= ${measuredThrough}
    AND account IN (${monetary}))`
