/** Every row that the auditor reads, by plain SQL, with the names that the tables have. */
export type Books = {
  contracts: { ref: string; next_cycle: number }[]
  closes: { contract_ref: string; cycle_no: number }[]
  invoices: InvoiceRow[]
  lines: LineRow[]
  entries: EntryRow[]
  payments: PaymentRow[]
  allocations: { id: string; payment_id: string; invoice_id: string; amount: number }[]
  credits: { payment_id: string; amount: number }[]
  creditUses: { grant_id: string; invoice_id: string; amount: number }[]
  grants: GrantRow[]
  mails: { topic: string; payload: string }[]
  schedules: { line_id: string; amount: number }[]
  portions: PortionRow[]
  unscheduled: { line_id: string }[]
}

type InvoiceRow = {
  id: string
  entity_ref: string
  series: string
  sequence: number
  number: string
  contract_ref: string
  cycle_no: number
  product_ref: string
  currency: string
  sub_total: number
  total_tax: number
  total: number
  content_hash: string
  issued_at: number
}

export type LineRow = {
  id: string
  invoice_id: string
  contract_ref: string
  kind: string
  product_ref: string
  service_start: string
  service_end: string
  service_cycle_no: number
  quantity: string
  amount: number
}

/** A posting beside its entry. */
export type EntryRow = {
  id: string
  entity_ref: string
  posting_date: string
  event: string
  source_id: string
  currency: string
  account: string
  amount: number
  contract_ref: string | null
  invoice_id: string | null
}

type PaymentRow = {
  id: string
  rail: string
  reference: string
  entity_ref: string
  currency: string
  amount: number
}

/** A grant of credit, and the sums of its movements by kind. */
export type GrantRow = {
  ref: string
  entity_ref: string
  currency: string
  amount: number
  burnt: number
  gone: number
}

/** What an invoice line adds to revenue on one date. */
export type PortionRow = {
  id: string
  line_id: string
  month: string
  posting_date: string
  amount: number
  posted_at: number | null
}

const QUERIES: Record<keyof Books, string> = {
  contracts: 'SELECT ref, next_cycle FROM contracts',
  closes: 'SELECT contract_ref, cycle_no FROM cycle_closes',
  invoices: 'SELECT * FROM invoices ORDER BY entity_ref, series, sequence',
  lines: 'SELECT * FROM invoice_lines ORDER BY invoice_id, position',
  entries: `SELECT journal_entries.id AS id, entity_ref, posting_date, event, source_id, currency, account,
      amount, contract_ref, invoice_id
    FROM journal_entries LEFT JOIN postings ON postings.entry_id = journal_entries.id`,
  payments: 'SELECT id, rail, reference, entity_ref, currency, amount FROM payments',
  allocations: "SELECT id, payment_id, invoice_id, amount FROM allocations WHERE kind <> 'credit'",
  credits: 'SELECT payment_id, amount FROM customer_credits',
  creditUses: "SELECT grant_id, invoice_id, amount FROM allocations WHERE kind = 'credit'",
  grants: `SELECT ref, entity_ref, currency, credit_grants.amount AS amount,
      COALESCE(SUM(credit_movements.amount) FILTER (WHERE credit_movements.kind = 'burnt'), 0) AS burnt,
      COALESCE(SUM(credit_movements.amount), 0) AS gone
    FROM credit_grants LEFT JOIN credit_movements ON grant_ref = ref GROUP BY ref`,
  mails: "SELECT topic, payload FROM outbox WHERE topic IN ('invoice_issued_mail', 'receipt_mail')",
  schedules: 'SELECT line_id, amount FROM revenue_schedules',
  portions: 'SELECT id, line_id, month, posting_date, amount, posted_at FROM revenue_schedule_entries',
  unscheduled: 'SELECT line_id FROM unscheduled_lines',
}

export async function readBooks(db: D1Database): Promise<Books> {
  const tables = Object.entries(QUERIES).map(async ([name, query]) => [
    name,
    (await db.prepare(query).all()).results,
  ])
  return Object.fromEntries(await Promise.all(tables))
}

export const sumOf = (rows: readonly { amount: number }[]): bigint =>
  rows.reduce((total, { amount }) => total + BigInt(amount), 0n)

/** A finding, where what is differs from what ought to be. */
export const differs = (what: string, is: unknown, ought: unknown): string[] =>
  String(is) === String(ought) ? [] : [`${what}: is ${is}, ought to be ${ought}`]
