import { findEntity } from '../../customers/customers.store.ts'
import { type Instant, localDate } from '../../kernel/calendar.ts'
import type { Db, Statement } from '../../storage/db.store.ts'
import { NOTHING_CLOSED } from '../accounting-period.ts'
import { BOOKS, type Book } from '../journal-entry.ts'
import { postEntries } from '../ledger.store.ts'
import { combinationEntries } from './combination.ts'
import { insertJoinings } from './position-groups.store.ts'

/** Contracts of one customer, in one currency and one set of books, that are accounted for as one with another. */
export type Combined = {
  /** The statement that says so. */
  sourceId: string
  groupRef: string
  contracts: readonly [CombinedContract, ...CombinedContract[]]
  recordedAt: Instant
}

type CombinedContract = { ref: string; entityRef: string; customerRef: string; currency: string }

/**
 * The statements that carry the positions of contracts as one from here on (ASC 606-10-25-9, IFRS 15.17): an advance of
 * one of them gives its rate to what another earns. They are part of the batch of the statement that combines them.
 */
export async function joinPositions(db: Db, combined: Combined): Promise<Statement[]> {
  const { sourceId, groupRef, contracts, recordedAt } = combined
  const [{ entityRef, currency }] = contracts
  const entity = await findEntity(db, entityRef)
  if (!entity) return []
  const isForeign = (entity.functionalCurrency ?? entity.currency) !== currency
  const kept: readonly Book[] = entity.framework === 'both' ? BOOKS : ['primary']
  const joining = contracts.map(({ ref: contractRef, customerRef }) => ({
    ...{ sourceId, entityRef, customerRef, currency, contractRef, groupRef },
    day: localDate(recordedAt, entity.timezone),
    books: isForeign ? kept : [],
  }))
  // Today's month is open: months are closed when they are over.
  const entries = postEntries(db, combinationEntries(joining, recordedAt), NOTHING_CLOSED)
  return [...entries, insertJoinings(db, joining)]
}
