import { and, eq, getTableColumns } from 'drizzle-orm'
import type { Db } from '../db.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { newestFirst } from '../newest-first.ts'
import type { Contract } from './contract.ts'
import { contracts } from './contracts.schema.ts'

export async function findContract(db: Db, ref: string): Promise<Contract | undefined> {
  const [contract] = await db.select(contractColumns).from(contracts).where(eq(contracts.ref, ref))
  return contract
}

export const listContracts = (
  db: Db,
  page: Page & { customerRef?: string | undefined; status?: Contract['status'] | undefined },
): Promise<Paged<Contract>> =>
  newestFirst(
    db,
    contracts,
    page,
    and(
      page.customerRef === undefined ? undefined : eq(contracts.customerRef, page.customerRef),
      page.status === undefined ? undefined : eq(contracts.status, page.status),
    ),
  )

/** All contracts of a customer, ended ones too, in the order they were made. */
export const contractsOfCustomer = (db: Db, customerRef: string): Promise<Contract[]> =>
  db
    .select(contractColumns)
    .from(contracts)
    .where(eq(contracts.customerRef, customerRef))
    .orderBy(contracts.createdAt, contracts.ref)

/** Everything but the claim, which belongs to the job that holds it. */
const { claimToken: _token, claimedUntil: _until, ...contractColumns } = getTableColumns(contracts)
