import { and, desc, eq, getTableColumns, gt, isNotNull, or, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { renewalInstant } from './changes/renewal.ts'
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

const { claimToken: _token, claimedUntil: _until, ...columns } = getTableColumns(contracts)
/** Everything but the claim, which belongs to the job that holds it. */
export const contractColumns = columns

export async function findContract(db: Db, ref: string): Promise<Contract | undefined> {
  const [contract] = await db.select(contractColumns).from(contracts).where(eq(contracts.ref, ref))
  return contract
}

/** The contracts that have one of these refs or numbers. */
export const contractsNamed = (
  db: Db,
  { refs, numbers }: { refs: readonly string[]; numbers: readonly string[] },
): Promise<Contract[]> =>
  db
    .select(contractColumns)
    .from(contracts)
    .where(or(inList(contracts.ref, refs), inList(contracts.number, numbers)))

/** All versions of a contract, the newest first. */
export const versionsOf = (db: Db, ref: string): Promise<ContractVersion[]> =>
  db
    .select()
    .from(contractVersions)
    .where(eq(contractVersions.contractRef, ref))
    .orderBy(desc(contractVersions.version))

/** The versions that contracts were made with, by the contract's ref. */
export async function firstVersions(db: Db, refs: readonly string[]): Promise<Map<string, ContractVersion>> {
  const rows = await db
    .select()
    .from(contractVersions)
    .where(and(inList(contractVersions.contractRef, refs), eq(contractVersions.version, 1)))
  return new Map(rows.map((row) => [row.contractRef, row]))
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
  contractsOfCustomers(db, [customerRef])

/** All contracts of these customers. */
export const contractsOfCustomers = (db: Db, customerRefs: readonly string[]): Promise<Contract[]> =>
  db
    .select(contractColumns)
    .from(contracts)
    .where(inList(contracts.customerRef, customerRefs))
    .orderBy(contracts.createdAt, contracts.ref)

export type UnnumberedContract = Omit<Contract, 'number'> & { number: string | undefined }

/** Contracts with their first versions; one without a number of its own gets the next free one. */
export const insertContracts = (
  db: Db,
  made: readonly UnnumberedContract[],
  facts: Pick<VersionFacts, 'actor' | 'now'>,
): Statement[] => [
  ...insertRows(
    db,
    contracts,
    made.map((contract) => ({
      ...contract,
      number: contract.number ?? unnumbered(contract.ref),
      renewsAt: renewalInstant(contract),
    })),
  ),
  // Contracts are never deleted, so the place of a row gives each a number of its own.
  db
    .update(contracts)
    .set({ number: sql`printf('C-%05d', rowid)` })
    .where(
      inList(
        contracts.number,
        made.filter(({ number }) => number === undefined).map(({ ref }) => unnumbered(ref)),
      ),
    ),
  ...insertRows(
    db,
    contractVersions,
    made.map((contract) => versionRow(contract, { ...facts, ...fromTheStart(contract) })),
  ),
]

/** Stands in for a number within a batch: longer than any that is sent may be. */
const unnumbered = (ref: string): string => '-'.repeat(64) + ref

const fromTheStart = ({ terms }: Pick<Contract, 'terms'>) => ({
  effectiveDate: terms.start_date,
  fromBoundary: 0,
  reason: null,
})

/** A version of a contract that is there: the fields that versions can change, and the version itself. */
export const updateContract = (db: Db, contract: Contract, facts: VersionFacts): Statement[] => [
  ...insertVersion(db, contract, facts),
  db
    .update(contracts)
    .set({
      terms: contract.terms,
      version: contract.version,
      status: contract.status,
      signedVersion: contract.signedVersion ?? null,
      nextCloseAt: contract.nextCloseAt,
      renewsAt: renewalInstant(contract),
      billsChangeAt: contract.billsChangeAt ?? null,
    })
    .where(eq(contracts.ref, contract.ref)),
]

const insertVersion = (
  db: Db,
  contract: Pick<Contract, 'ref' | 'version' | 'terms'>,
  facts: VersionFacts,
): Statement[] => insertRows(db, contractVersions, [versionRow(contract, facts)])

const versionRow = (
  { ref, version, terms }: Pick<Contract, 'ref' | 'version' | 'terms'>,
  { now, ...facts }: VersionFacts,
): ContractVersion => ({ ...facts, contractRef: ref, version, terms, createdAt: now })

const SELLING_PAGE = 200

/** The contracts that sell a product and still have something to bill, and drafts; read a page at a time. */
export async function* contractsSelling(db: Db, productRef: string): AsyncGenerator<Contract> {
  for (let after = ''; ; ) {
    const page = await db
      .select(contractColumns)
      .from(contracts)
      .where(
        and(
          gt(contracts.ref, after),
          or(isNotNull(contracts.nextCloseAt), eq(contracts.status, 'draft')),
          sql`EXISTS (SELECT 1 FROM json_each(${contracts.terms}, '$.products') AS agreed
            WHERE agreed.value ->> 'product_ref' = ${productRef})`,
        ),
      )
      .orderBy(contracts.ref)
      .limit(SELLING_PAGE)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < SELLING_PAGE) return
    after = last.ref
  }
}
