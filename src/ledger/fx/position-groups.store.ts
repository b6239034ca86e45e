import { asc, type SQL, sql } from 'drizzle-orm'
import { type Db, inList, type Statement } from '../../storage/db.store.ts'
import { journalEntries } from '../ledger.schema.ts'
import type { ForeignEntry } from './functional-line.ts'
import { positionGroups } from './fx.schema.ts'
import { positionsOf } from './pool.ts'
import type { Joining } from './position-group.ts'

/** A contract that joins others, before it is written down. */
export type NewJoining = Omit<Joining, 'since'>

/** The statement that makes positions one for every entry that comes after it. */
export const insertJoinings = (db: Db, joinings: readonly NewJoining[]): Statement =>
  db.insert(positionGroups).select(sql`
    SELECT value ->> 'sourceId', value ->> 'entityRef', value ->> 'customerRef', value ->> 'currency',
      value ->> 'contractRef', value ->> 'groupRef', value ->> 'day', value -> 'books',
      (SELECT COALESCE(MAX(rowid), 0) FROM ${journalEntries})
    FROM json_each(${JSON.stringify(joinings)})`)

/** What is known of the contracts that entries move the positions of, or that they join with others: in one read. */
export function joiningsOf(db: Db, entries: readonly ForeignEntry[]): Promise<Joining[]> {
  const sources = entries.map(({ sourceId }) => sourceId)
  const { sourceId, contractRef, groupRef } = positionGroups
  const asked = sql`
    SELECT value AS ref FROM json_each(${JSON.stringify(positionsOf(entries))})
    UNION SELECT ${contractRef} FROM ${positionGroups} WHERE ${inList(sourceId, sources)}
    UNION SELECT ${groupRef} FROM ${positionGroups} WHERE ${inList(sourceId, sources)}`
  const groups = sql`
    WITH asked AS (${asked})
    SELECT ref FROM asked
    UNION SELECT ${groupRef} FROM ${positionGroups} JOIN asked ON ${contractRef} = ref`
  const members = sql`(SELECT ${contractRef} FROM ${positionGroups} WHERE ${groupRef} IN (${groups}))`
  return inOrder(db, sql`${contractRef} IN ${members}`)
}

/** Those of all contracts of some legal entities. */
export const joiningsIn = (db: Db, entityRefs: readonly string[]): Promise<Joining[]> =>
  inOrder(db, inList(positionGroups.entityRef, entityRefs))

const inOrder = (db: Db, condition: SQL): Promise<Joining[]> =>
  db
    .select()
    .from(positionGroups)
    .where(condition)
    .orderBy(asc(sql`${positionGroups}.rowid`))
