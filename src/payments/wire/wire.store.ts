import { eq, sql } from 'drizzle-orm'
import type { Db, Statement } from '../../storage/db.store.ts'
import { insertRows } from '../../storage/db.store.ts'
import type { BankEntry } from './statement.ts'
import type { KnownEntry, PlannedEntry } from './statement-plan.ts'
import { bankEntries, bankStatements } from './wire.schema.ts'

export async function isStatementKnown(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: bankStatements.id })
    .from(bankStatements)
    .where(eq(bankStatements.id, id))
  return rows.length > 0
}

/** Everything that is stored of the lines that these entries belong to. */
export async function knownEntries(
  db: Db,
  entries: readonly BankEntry[],
): Promise<(KnownEntry & { paymentId: string | null })[]> {
  const ids = JSON.stringify([...new Set(entries.map(({ bookingId }) => bookingId))])
  return db
    .select({ id: bankEntries.id, bookingId: bankEntries.bookingId, paymentId: bankEntries.paymentId })
    .from(bankEntries)
    .where(sql`${bankEntries.bookingId} IN (SELECT value FROM json_each(${ids}))`)
}

export const writeStatement = (db: Db, statement: typeof bankStatements.$inferInsert): Statement[] =>
  insertRows(db, bankStatements, [statement], { ignoreExisting: true })

/** An entry that is there already stays as it is; one that becomes a payment is guarded by the payment's own key. */
export const writeEntries = (
  db: Db,
  statementId: string,
  entries: readonly BankEntry[],
  paymentId: string,
): Statement[] =>
  insertEntries(
    db,
    entries.map((entry) => ({ ...rowOf(statementId, entry), paymentId })),
  )

/** Entries that are no payment: money that went out, or the arrival of a payout. */
export const writeKeptEntries = (
  db: Db,
  statementId: string,
  kept: readonly Pick<PlannedEntry, 'entry' | 'payoutRef'>[],
): Statement[] =>
  insertEntries(
    db,
    kept.map(({ entry, payoutRef = null }) => ({ ...rowOf(statementId, entry), payoutRef })),
  )

const insertEntries = (db: Db, rows: (typeof bankEntries.$inferInsert)[]): Statement[] =>
  insertRows(db, bankEntries, rows, { ignoreExisting: true })

const rowOf = (statementId: string, { payer, ...entry }: BankEntry) => ({
  ...entry,
  statementId,
  payerName: payer.name ?? null,
  payerAccount: payer.account ?? null,
})
