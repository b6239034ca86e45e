import { and, asc, eq, getTableColumns, gt, isNotNull, lte, min, or, type SQL, sql } from 'drizzle-orm'
import type { Instant } from '../kernel/calendar.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, inTuples, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { creditGrants, creditMovements } from './credits.schema.ts'
import { type CreditGrant, firstDueAt } from './grant.ts'
import { type GrantState, type Moved, type Movement, replay } from './movement.ts'

/** The statements that write grants. One that is there already fails the batch, or is left as it is. */
export const insertGrants = (
  db: Db,
  grants: readonly CreditGrant[],
  options: { ignoreExisting?: boolean } = {},
): Statement[] =>
  insertRows(
    db,
    creditGrants,
    grants.map((grant) => ({ ...grant, dueAt: firstDueAt(grant) })),
    options,
  )

/** The statements that write movements. Where somebody moved the same grant meanwhile they fail the batch. */
export const insertMovements = (db: Db, moved: readonly Moved[]): Statement[] =>
  insertRows(
    db,
    creditMovements,
    moved.map(({ movement }) => movement),
  )

export const setDueAt = (db: Db, ref: string, dueAt: Instant | null): Statement =>
  db.update(creditGrants).set({ dueAt }).where(eq(creditGrants.ref, ref))

/** Nothing follows the grant, and nothing of it is left that could lapse. */
export const endSeries = (db: Db, ref: string): Statement =>
  db.update(creditGrants).set({ recurrence: null, dueAt: null }).where(eq(creditGrants.ref, ref))

/** Whose credit is asked for; of one seller and in one currency, or of all. */
export type WalletOwner = {
  customerRef: string
  entityRef?: string | undefined
  currency?: string | undefined
}

/** The grants of a customer of which something is left, or with which something will still happen. */
export const readWallet = (db: Db, owner: WalletOwner): Promise<GrantState[]> =>
  grantStates(
    db,
    and(
      eq(creditGrants.customerRef, owner.customerRef),
      owner.currency === undefined ? undefined : eq(creditGrants.currency, owner.currency),
      owner.entityRef === undefined ? undefined : eq(creditGrants.entityRef, owner.entityRef),
      MAY_BE_USED,
    ),
  )

/** Whose credit is meant: of one seller and in one currency. */
export type Wallet = Required<Pick<CreditGrant, 'customerRef' | 'entityRef' | 'currency'>>

/** The same of many wallets, in the order of these. */
export async function readWallets(db: Db, wallets: readonly Wallet[]): Promise<GrantState[][]> {
  const { customerRef, entityRef, currency } = creditGrants
  const asked = wallets.map((one) => [one.customerRef, one.entityRef, one.currency])
  const states = await grantStates(db, and(inTuples([customerRef, entityRef, currency], asked), MAY_BE_USED))
  const keyOf = (one: Wallet) => JSON.stringify([one.customerRef, one.entityRef, one.currency])
  const byWallet = Map.groupBy(states, ({ grant }) => keyOf(grant))
  return wallets.map((wallet) => byWallet.get(keyOf(wallet)) ?? [])
}

export async function findCredit(
  db: Db,
  ref: string,
): Promise<{ state: GrantState; movements: Movement[] } | undefined> {
  const [row] = await db.select(GRANT).from(creditGrants).where(eq(creditGrants.ref, ref))
  if (!row) return undefined
  const [movements, held] = await Promise.all([
    movementsOf(db, eq(creditMovements.grantRef, ref)),
    heldAmong(db, [row]),
  ])
  return { state: { ...replay(row, movements), isHeld: held.has(ref) }, movements }
}

/** A customer's grants, newest first, also those that are used up. */
export async function listCredits(
  db: Db,
  { customerRef, ...page }: Page & { customerRef?: string | undefined },
): Promise<Paged<GrantState>> {
  const filter = customerRef === undefined ? undefined : eq(creditGrants.customerRef, customerRef)
  const { rows, nextCursor } = await newestFirst(db, creditGrants, page, filter)
  return { rows: await withMovements(db, rows.map(withoutDueAt)), nextCursor }
}

/** Grants that time has reached, the longest due first. */
export const dueCredits = (db: Db, now: Instant, limit: number): Promise<GrantState[]> =>
  grantStates(db, and(lte(creditGrants.dueAt, now), sql`NOT ${HELD}`), limit)

/** When time next does something to a grant, after an instant. */
export async function nextCreditDueAt(db: Db, after: Instant): Promise<Instant | null> {
  const [row] = await db
    .select({ at: min(creditGrants.dueAt) })
    .from(creditGrants)
    .where(gt(creditGrants.dueAt, after))
  return row?.at ?? null
}

/** The grants that an invoice has sold, and what they have left over, the oldest first. */
export const grantsSoldOn = (db: Db, invoiceId: string): Promise<GrantState[]> =>
  grantStates(db, eq(creditGrants.invoiceId, invoiceId))

/** The grants that paid for an invoice. */
export async function creditsOfInvoice(
  db: Db,
  invoiceId: string,
): Promise<{ states: GrantState[]; movements: Movement[] }> {
  const movements = await movementsOf(db, eq(creditMovements.invoiceId, invoiceId))
  const refs = [...new Set(movements.map(({ grantRef }) => grantRef))]
  return { movements, states: await grantStates(db, inList(creditGrants.ref, refs)) }
}

/** The grants of money that was kept, by what it was kept from. */
export const keptCredits = (db: Db, sourceIds: readonly string[]): Promise<GrantState[]> =>
  grantStates(
    db,
    and(
      inList(creditGrants.source, ['overpayment', 'credit_note']),
      inList(creditGrants.sourceId, sourceIds),
    ),
  )

const { dueAt: _, ...GRANT } = getTableColumns(creditGrants)

/** Tables are named as text: drizzle drops them from the columns of a query over one table. */
const GONE = sql<number>`(SELECT COALESCE(SUM(CASE kind WHEN 'reinstated' THEN -amount ELSE amount END), 0)
  FROM credit_movements WHERE credit_movements.grant_ref = credit_grants.ref)`

const MAY_BE_USED = or(isNotNull(creditGrants.dueAt), sql`${creditGrants.amount} > ${GONE}`)

/**
 * Something is open of the invoice that sold it, and it is to be paid first; or a card payment of it is disputed. The
 * tables of invoices and payments are named as text, since their rooms stand above this one.
 */
const HELD = sql<boolean>`(credit_grants.on_payment = 1 AND EXISTS (
  SELECT 1 FROM invoices WHERE invoices.id = credit_grants.invoice_id AND (
    invoices.total > (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE allocations.invoice_id = invoices.id)
    OR EXISTS (
      SELECT 1 FROM allocations JOIN disputes ON disputes.payment_id = allocations.payment_id
      WHERE allocations.invoice_id = invoices.id AND disputes.state = 'open'))))`

async function grantStates(db: Db, filter: SQL | undefined, limit = -1): Promise<GrantState[]> {
  const rows = await db
    .select(GRANT)
    .from(creditGrants)
    .where(filter)
    .orderBy(asc(creditGrants.dueAt), asc(creditGrants.occurrence), asc(creditGrants.ref))
    .limit(limit)
  return withMovements(db, rows)
}

async function withMovements(db: Db, grants: readonly CreditGrant[]): Promise<GrantState[]> {
  if (grants.length === 0) return []
  const refs = grants.map(({ ref }) => ref)
  const [movements, held] = await Promise.all([
    movementsOf(db, inList(creditMovements.grantRef, refs)),
    heldAmong(db, grants),
  ])
  const byGrant = Map.groupBy(movements, ({ grantRef }) => grantRef)
  return grants.map((grant) => ({
    ...replay(grant, byGrant.get(grant.ref) ?? []),
    isHeld: held.has(grant.ref),
  }))
}

async function heldAmong(db: Db, grants: readonly CreditGrant[]): Promise<Set<string>> {
  const refs = grants.filter(({ onPayment }) => onPayment).map(({ ref }) => ref)
  if (refs.length === 0) return new Set()
  const rows = await db
    .select({ ref: creditGrants.ref })
    .from(creditGrants)
    .where(and(inList(creditGrants.ref, refs), HELD))
  return new Set(rows.map(({ ref }) => ref))
}

const movementsOf = (db: Db, filter: SQL): Promise<Movement[]> =>
  db
    .select()
    .from(creditMovements)
    .where(filter)
    .orderBy(asc(creditMovements.grantRef), asc(creditMovements.sequence))

const withoutDueAt = ({ dueAt: _, ...grant }: typeof creditGrants.$inferSelect): CreditGrant => grant
