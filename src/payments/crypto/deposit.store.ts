import { eq, max } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { invoices } from '../../invoicing/invoicing.schema.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { depositAddresses } from './crypto.schema.ts'
import type { Deposit } from './deposit.ts'
import type { WatchedDeposit } from './scan.ts'

export async function findDeposit(db: Db, invoiceId: string): Promise<Deposit | undefined> {
  const [deposit] = await db.select().from(depositAddresses).where(eq(depositAddresses.invoiceId, invoiceId))
  return deposit
}

/** The first index of the key that no invoice has. Two askers may be told the same; only one can then insert it. */
export async function nextIndex(db: Db, xpub: string): Promise<number> {
  const [row] = await db
    .select({ last: max(depositAddresses.derivationIndex) })
    .from(depositAddresses)
    .where(eq(depositAddresses.xpub, xpub))
  return (row?.last ?? -1) + 1
}

export const insertDeposit = (db: Db, deposit: Deposit): Statement[] =>
  insertRows(db, depositAddresses, [deposit])

/** What booking a transfer needs to know of the invoice and its seller. */
export type DepositFacts = WatchedDeposit & { entityRef: string; customerRef: string; timezone: string }

/** Every deposit address ever given out: a customer may pay, or pay again, at any time. */
export async function allDeposits(db: Db): Promise<DepositFacts[]> {
  const deposits = await db
    .select({
      address: depositAddresses.address,
      invoiceId: depositAddresses.invoiceId,
      currency: invoices.currency,
      customerRef: invoices.customerRef,
      entityRef: invoices.entityRef,
    })
    .from(depositAddresses)
    .innerJoin(invoices, eq(invoices.id, depositAddresses.invoiceId))
  if (deposits.length === 0) return []
  const entities = await db
    .select({ ref: legalEntities.ref, wallets: legalEntities.wallets, timezone: legalEntities.timezone })
    .from(legalEntities)
  const byRef = new Map(entities.map((entity) => [entity.ref, entity]))
  return deposits.flatMap((deposit) => {
    const entity = byRef.get(deposit.entityRef)
    return entity ? [{ ...deposit, wallets: entity.wallets, timezone: entity.timezone }] : []
  })
}
