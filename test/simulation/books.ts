/** Every row that the auditor reads, by plain SQL, with the names that the tables have. */
export type Books = {
  contracts: { ref: string; next_cycle: number }[]
  closes: { contract_ref: string; cycle_no: number }[]
  invoices: InvoiceRow[]
  lines: LineRow[]
  entries: EntryRow[]
  payments: PaymentRow[]
  allocations: AllocationRow[]
  credits: { payment_id: string; amount: number }[]
  refunds: { payment_id: string; amount: number; from_unapplied: number }[]
  reversals: ReversalRow[]
  parts: PartRow[]
  grants: GrantRow[]
  mails: { topic: string; payload: string }[]
  schedules: ScheduleRow[]
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
  net_amount: number
  /** Set for a line that sells credit, which is no revenue before it is used. */
  sells_credit: string | null
}

/** Everything that settles an invoice; a row that takes another one back is negative. */
type AllocationRow = {
  id: string
  kind: string
  payment_id: string | null
  grant_id: string | null
  invoice_id: string
  amount: number
  reverses: string | null
}

/** `invoice_id` is null for an obligation, and for what was accrued before its invoice. */
type ScheduleRow = {
  line_id: string
  invoice_id: string | null
  accrual: 'open' | 'billed' | 'settled' | null
  boundary: number | null
  contract_ref: string
  amount: number
}

/** What was taken back of a line. */
type ReversalRow = {
  id: string
  line_id: string
  contract_ref: string
  amount: number
  booked_from: string
}

/** A posting beside its entry, under the day of its event. */
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

/** A grant of credit, what invoices have of it, and all that is gone; `invoice_id` is that of one that an invoice sold. */
export type GrantRow = {
  ref: string
  source: string
  source_id: string
  invoice_id: string | null
  cost_basis: number
  entity_ref: string
  currency: string
  amount: number
  burnt: number
  gone: number
  rolled: number
}

/** What credit that was sold below its face pays of a line, or gets back of it, and what that makes of the line's price. */
export type PartRow = {
  id: string
  grant_ref: string
  contract_ref: string
  paid: number
  amount: number
  booked_from: string | null
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
  entries: `SELECT journal_entries.id AS id, entity_ref, COALESCE(belongs_to, posting_date) AS posting_date, event, source_id, currency, account,
      amount, contract_ref, invoice_id
    FROM journal_entries JOIN postings ON postings.entry_id = journal_entries.id
    WHERE book = 'primary'`,
  payments: 'SELECT id, rail, reference, entity_ref, currency, amount FROM payments',
  allocations: 'SELECT id, kind, payment_id, grant_id, invoice_id, amount, reverses FROM allocations',
  credits: 'SELECT payment_id, amount FROM customer_credits',
  refunds: "SELECT payment_id, amount, from_unapplied FROM refunds WHERE state <> 'failed'",
  reversals: `SELECT line_reversals.id AS id, line_id, contract_ref, amount, booked_from
    FROM line_reversals JOIN invoices ON invoices.id = invoice_id`,
  parts: 'SELECT id, grant_ref, contract_ref, paid, amount, booked_from FROM credit_parts',
  grants: `SELECT ref, source, source_id, credit_grants.invoice_id AS invoice_id, cost_basis, entity_ref, currency,
      credit_grants.amount AS amount,
      COALESCE(SUM(IIF(credit_movements.kind = 'rolled_over', credit_movements.amount, 0)), 0) AS rolled,
      COALESCE(SUM(CASE credit_movements.kind WHEN 'burnt' THEN credit_movements.amount
        WHEN 'reinstated' THEN -credit_movements.amount ELSE 0 END), 0) AS burnt,
      COALESCE(SUM(IIF(credit_movements.kind = 'reinstated', -1, 1) * credit_movements.amount), 0) AS gone
    FROM credit_grants LEFT JOIN credit_movements ON grant_ref = ref GROUP BY ref`,
  mails: "SELECT topic, payload FROM outbox WHERE topic IN ('invoice_issued_mail', 'receipt_mail')",
  schedules: `SELECT line_id, invoice_id, accrual, boundary, contract_ref, amount
    FROM revenue_schedules WHERE book = 'primary'`,
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

/** The books without what sells credit: neither a position nor revenue comes of it before that is used. */
export function withoutSales(books: Books): Books {
  const sales = new Set(books.lines.filter(({ sells_credit }) => sells_credit !== null).map(({ id }) => id))
  return {
    ...books,
    lines: books.lines.filter(({ id }) => !sales.has(id)),
    reversals: books.reversals.filter(({ line_id }) => !sales.has(line_id)),
  }
}

export const sumOf = (rows: readonly { amount: number }[]): bigint =>
  rows.reduce((total, { amount }) => total + BigInt(amount), 0n)

/** A finding, where what is differs from what ought to be. */
export const differs = (what: string, is: unknown, ought: unknown): string[] =>
  String(is) === String(ought) ? [] : [`${what}: is ${is}, ought to be ${ought}`]
