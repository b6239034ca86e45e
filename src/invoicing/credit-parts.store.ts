import { asc, eq, sql } from 'drizzle-orm'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import type { CreditPart } from './assembly/credit-part.ts'
import { creditParts } from './credit-parts.schema.ts'

export const insertCreditParts = (db: Db, parts: readonly CreditPart[]): Statement[] =>
  insertRows(db, creditParts, parts)

/** What credit has paid of the lines of an invoice, and what went back, in the order in which it did. */
export const creditPartsOf = (db: Db, invoiceId: string): Promise<CreditPart[]> =>
  db.select().from(creditParts).where(eq(creditParts.invoiceId, invoiceId)).orderBy(asc(sql`rowid`))

/** The parts of movements, each movement's in their order. */
export const partsOfMovements = (db: Db, movementIds: readonly string[]): Promise<CreditPart[]> =>
  db.select().from(creditParts).where(inList(creditParts.movementId, movementIds)).orderBy(asc(sql`rowid`))
