/**
 * Where the lists of what is open are not what invoices, payments and their uses say: names of invoices and payments that
 * are missing there, or too many.
 */
export async function openListFaults(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT number AS fault FROM invoices LEFT JOIN open_invoices ON place = invoices.rowid
       WHERE (place IS NOT NULL) <>
         (total > COALESCE((SELECT SUM(amount) FROM allocations WHERE invoice_id = invoices.id), 0))
       UNION ALL
       SELECT id FROM payments LEFT JOIN unapplied_payments ON place = payments.rowid
       WHERE (place IS NOT NULL) <> (amount >
         COALESCE((SELECT SUM(amount) FROM allocations WHERE payment_id = payments.id), 0)
         + COALESCE((SELECT SUM(amount) FROM customer_credits WHERE payment_id = payments.id), 0)
         + COALESCE((SELECT SUM(from_unapplied) FROM refunds WHERE payment_id = payments.id AND state <> 'failed'), 0))
       UNION ALL SELECT 'open_invoices ' || place FROM open_invoices WHERE place NOT IN (SELECT rowid FROM invoices)
       UNION ALL SELECT 'unapplied ' || place FROM unapplied_payments WHERE place NOT IN (SELECT rowid FROM payments)`,
    )
    .all<{ fault: string }>()
  return results.map(({ fault }) => fault)
}
