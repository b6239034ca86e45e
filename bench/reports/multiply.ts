/** Tables that are of the company as a whole. */
const COMMON = [
  ...['products', 'legal_entities', 'account_names', 'accounting_periods', 'price_books', 'ssp_books'],
  ...['sandbox_clock', 'month_ends', 'accrual_passes', 'api_keys', 'operators', 'sessions', 'fx_fetches'],
]
/** Rows that one statement writes at the most. */
const ROWS_AT_ONCE = 50_000

type Table = { name: string; columns: string[]; rows: number }

/**
 * Makes so many companies of the one that was played, as if they were one: each row of a contract is there once for each
 * copy, in the order in which the rows were written, and the numbers of entries that month ends tell are as they would be.
 * May be called again for another number.
 */
export async function multiply(d1: D1Database, copies: number): Promise<void> {
  const tables = await playedTables(d1)
  const triggers = await droppedTriggers(d1)
  for (const table of tables) await multiplyTable(d1, table, copies)
  await d1.batch([
    d1.prepare(`UPDATE month_ends SET (through, measured_through) = (
      SELECT through * ${copies}, measured_through * ${copies} FROM played_month_ends AS played
      WHERE played.entity_ref = month_ends.entity_ref AND played.day = month_ends.day)`),
    ...triggers.map((sql) => d1.prepare(sql)),
  ])
}

/** The tables with their rows as they were played, which are set aside the first time. */
async function playedTables(d1: D1Database): Promise<Table[]> {
  const all = await d1
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    )
    .all<{ name: string }>()
  const names = all.results.map(({ name }) => name).filter((name) => !name.startsWith('played_'))
  const tables: Table[] = []
  for (const name of names) {
    await d1.exec(`CREATE TABLE IF NOT EXISTS played_${name} AS SELECT * FROM ${name} ORDER BY rowid`)
    const { results } = await d1.prepare(`PRAGMA table_info(${name})`).all<{ name: string }>()
    const rows = await d1.prepare(`SELECT COUNT(*) AS rows FROM played_${name}`).first<number>('rows')
    if (rows && !COMMON.includes(name))
      tables.push({ name, rows, columns: results.map((column) => column.name) })
  }
  return tables
}

/** What watches over books has watched when they were played; it would see copies as faults. */
async function droppedTriggers(d1: D1Database): Promise<string[]> {
  const { results } = await d1
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all<{ name: string; sql: string }>()
  if (results.length > 0) await d1.batch(results.map(({ name }) => d1.prepare(`DROP TRIGGER ${name}`)))
  return results.map(({ sql }) => sql)
}

async function multiplyTable(d1: D1Database, { name, columns, rows }: Table, copies: number): Promise<void> {
  await d1.exec(`DELETE FROM ${name}`)
  const step = Math.max(1, Math.floor(ROWS_AT_ONCE / copies))
  const isOne = name.startsWith('month_end_') ? ONE_ROW : 'FALSE'
  for (let from = 0; from < rows; from += step)
    await d1
      .prepare(
        `WITH RECURSIVE copies (copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < ${copies})
         INSERT INTO ${name} (${columns.join()}) SELECT ${columns.map((column) => copied(name, column, copies)).join()}
         FROM played_${name} AS played CROSS JOIN copies
         WHERE played.rowid > ${from} AND played.rowid <= ${from + step} AND (NOT (${isOne}) OR copy = 1)
         ORDER BY played.rowid, copy`,
      )
      .run()
}

/** At a month's end accounts that are not told apart have one row, whatever the number of contracts. */
const ONE_ROW = 'COALESCE(customer_ref, contract_ref, invoice_id, payment_id) IS NULL'

/** What names a thing of a contract has the number of the copy behind it; what all share stays. */
function copied(table: string, column: string, copies: number): string {
  if (table.startsWith('month_end_') && /^(amount|carried|remeasured)$/.test(column))
    return `IIF(${ONE_ROW}, ${column} * ${copies}, ${column})`
  if (column === 'sequence' && table !== 'credit_movements') return `sequence * ${copies} + copy - 1`
  if (column === 'place') return `(place - 1) * ${copies} + copy`
  const isName = /^(id|ref|reverses|number|external_key|payment_reference|file_key|email)$|_(id|ref)$/.test(
    column,
  )
  if (!isName || /^(entity_ref|product_ref)$/.test(column)) return column
  return `IIF(${column} = '', '', ${column} || '-' || copy)`
}
