import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { Contract } from './contract.ts'
import { contracts, contractVersions } from './contracts.schema.ts'

export type ContractVersion = typeof contractVersions.$inferSelect

/** Why a version was written, and from which boundary on it holds. */
export type VersionFacts = {
  effectiveDate: LocalDate
  fromBoundary: number
  reason: string | null
  actor: string
  now: number
}

export async function findContract(db: Db, ref: string): Promise<Contract | undefined> {
  const [contract] = await db.select(contractColumns).from(contracts).where(eq(contracts.ref, ref))
  return contract
}

/** The terms that the contract was made with. */
export async function firstVersion(db: Db, ref: string): Promise<ContractVersion | undefined> {
  const [version] = await db
    .select()
    .from(contractVersions)
    .where(and(eq(contractVersions.contractRef, ref), eq(contractVersions.version, 1)))
  return version
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

/** A new contract; without a number of its own it gets the next one. */
export const insertContract = (
  db: Db,
  contract: Omit<Contract, 'number'> & { number: string | undefined },
  facts: VersionFacts,
): Statement[] => [
  db.insert(contracts).values({ ...contract, number: contract.number ?? nextNumber }),
  ...insertVersion(db, contract, facts),
]

/** A version of a contract that is there: the fields that versions can change, and the version itself. */
export const updateContract = (db: Db, contract: Contract, facts: VersionFacts): Statement[] => [
  ...insertVersion(db, contract, facts),
  db
    .update(contracts)
    .set({
      terms: contract.terms,
      version: contract.version,
      status: contract.status,
      nextCloseAt: contract.nextCloseAt,
    })
    .where(eq(contracts.ref, contract.ref)),
]

const insertVersion = (
  db: Db,
  { ref, version, terms }: Pick<Contract, 'ref' | 'version' | 'terms'>,
  { now, ...facts }: VersionFacts,
): Statement[] =>
  insertRows(db, contractVersions, [{ ...facts, contractRef: ref, version, terms, createdAt: now }])

/** Contracts are never deleted, so the count of rows gives each a number of its own. */
const nextNumber = sql`(SELECT printf('C-%05d', coalesce(max(rowid), 0) + 1) FROM ${contracts})`

/** Everything but the claim, which belongs to the job that holds it. */
const { claimToken: _token, claimedUntil: _until, ...contractColumns } = getTableColumns(contracts)
