/** What somebody with access to the database might do to the books, and the words that the comparison must have for it. */
const FORGERIES: { what: string; sql: string[]; told: RegExp }[] = [
  {
    what: 'an entry without a fact',
    sql: [
      `INSERT INTO journal_entries (id, book, entity_ref, posting_date, event, source_id, currency, description, recorded_at)
       VALUES ('je_forged', 'primary', 'north', '2031-01-01', 'invoice_issued', 'inv_forged', 'USD', 'Forged', 0)`,
      `INSERT INTO postings (entry_id, line_no, account, amount)
       VALUES ('je_forged', 1, 'accounts_receivable', 100), ('je_forged', 2, 'revenue', -100)`,
    ],
    told: /^invoices, surplus: .*"je_forged"/,
  },
  {
    what: 'a payment that was never posted',
    sql: [
      `INSERT INTO payments (id, rail, external_key, entity_ref, currency, amount, received_on, payer, reference, recorded_at)
       VALUES ('pay_forged', 'wire', 'forged', 'north', 'USD', 100, '2026-01-31', '{}', '', 0)`,
    ],
    told: /^payments, missing: .*"pay_forged"/,
  },
  {
    what: 'postings added to an entry',
    sql: [
      `INSERT INTO postings (entry_id, line_no, account, amount)
       SELECT MIN(id), 98, 'revenue', -100 FROM journal_entries WHERE event = 'invoice_issued' AND id <> 'je_forged'`,
      `INSERT INTO postings (entry_id, line_no, account, amount)
       SELECT entry_id, 99, 'bank_clearing', 100 FROM postings WHERE line_no = 98`,
    ],
    told: /^invoices, different: .*"recorded":"revenue -/,
  },
  {
    what: 'a portion of revenue made larger',
    sql: [
      `UPDATE revenue_schedule_entries SET amount = amount + 1
       WHERE id = (SELECT MIN(id) FROM revenue_schedule_entries WHERE posted_at IS NOT NULL AND id LIKE 'line%')`,
    ],
    told: /^revenue_portions, (different|surplus): /,
  },
]

/** Forges the books in every way, and tells what of it the comparison with the facts does not tell. */
export async function auditForgeries(
  db: D1Database,
  recompute: (facts: string) => Promise<string[]>,
): Promise<string[]> {
  await db.batch(FORGERIES.flatMap(({ sql }) => sql.map((text) => db.prepare(text))))
  const findings: string[] = []
  for (const facts of ['invoices', 'payments', 'revenue_portions']) findings.push(...(await recompute(facts)))
  return FORGERIES.filter(({ told }) => !findings.some((finding) => told.test(finding))).map(
    ({ what }) => `${what} goes unnoticed among ${findings.length} findings`,
  )
}
