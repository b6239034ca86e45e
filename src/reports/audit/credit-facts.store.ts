import { asc, getTableColumns, gt } from 'drizzle-orm'
import { soldEntries } from '../../credits/credit-entry.ts'
import { creditGrants, creditMovements } from '../../credits/credits.schema.ts'
import { partsOfMovements } from '../../invoicing/credit-parts.store.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import { movedAgain, movementEntries } from './credit-movements.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { readInvoices } from './invoices.store.ts'

const { dueAt: _, ...GRANT } = getTableColumns(creditGrants)

/** Credit that was paid for when it was granted. */
export async function grantFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const grants = await db
    .select(GRANT)
    .from(creditGrants)
    .where(gt(creditGrants.ref, after))
    .orderBy(asc(creditGrants.ref))
    .limit(limit)
  return grants.map((grant) => ({ id: grant.ref, entries: soldEntries(grant, '') }))
}

/** What became of credit: used, given back, expired or taken back. */
export async function movementFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const page = await db
    .select()
    .from(creditMovements)
    .where(gt(creditMovements.id, after))
    .orderBy(asc(creditMovements.id))
    .limit(limit)
  const refs = [...new Set(page.map(({ grantRef }) => grantRef))]
  const [grants, movements, invoices, parts] = await Promise.all([
    db.select(GRANT).from(creditGrants).where(inList(creditGrants.ref, refs)),
    db
      .select()
      .from(creditMovements)
      .where(inList(creditMovements.grantRef, refs))
      .orderBy(asc(creditMovements.grantRef), asc(creditMovements.sequence)),
    readInvoices(db, [...new Set(page.flatMap(({ invoiceId }) => invoiceId ?? []))]),
    partsOfMovements(
      db,
      page.map(({ id }) => id),
    ),
  ])
  const prices = Map.groupBy(parts, ({ movementId }) => movementId)
  const byGrant = Map.groupBy(movements, ({ grantRef }) => grantRef)
  const moved = new Map(
    grants.flatMap((grant) =>
      movedAgain(grant, byGrant.get(grant.ref) ?? []).map((one) => [one.movement.id, one] as const),
    ),
  )
  return page.map(({ id, invoiceId }) => {
    const again = moved.get(id)
    const invoice = invoices.get(invoiceId ?? '')
    return { id, entries: again ? movementEntries(again, invoice, prices.get(id) ?? []) : [] }
  })
}
