import { and, desc, eq, gte, lt, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { contracts } from '../contracts/contracts.schema.ts'
import { customers } from '../customers/customers.schema.ts'
import { bareOf, invoices } from '../invoicing/invoicing.schema.ts'
import { payments } from '../payments/payments.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { Found, Hit } from './find.ts'

/** Rows of each kind that are shown; who means another one types more of it. */
const SHOWN = 10

/** Payments that are read for words in them, the latest: there is no index of words. */
const PAYMENTS_READ = 20_000

/** What goes by these words, or by a part of them: the latest of each kind, whatever the case of its letters. */
export async function findByWords(db: Db, words: string): Promise<Found> {
  const [customerHits, contractHits, invoiceHits, paymentHits] = await Promise.all([
    customersCalled(db, words),
    contractsCalled(db, words),
    invoicesCalled(db, words),
    paymentsCalled(db, words),
  ])
  return { customers: customerHits, contracts: contractHits, invoices: invoiceHits, payments: paymentHits }
}

const customersCalled = (db: Db, words: string): Promise<Hit[]> =>
  db
    .select({ key: customers.ref, name: customers.name, about: customers.legalName })
    .from(customers)
    .where(anyHas([customers.name, customers.legalName, customers.ref, customers.email], words))
    .orderBy(desc(sql`rowid`))
    .limit(SHOWN)

const contractsCalled = (db: Db, words: string): Promise<Hit[]> =>
  db
    .select({ key: contracts.ref, name: contracts.number, about: customers.name })
    .from(contracts)
    .leftJoin(customers, eq(customers.ref, contracts.customerRef))
    .where(anyHas([contracts.number, contracts.ref], words))
    .orderBy(desc(sql`contracts.rowid`))
    .limit(SHOWN)

const invoicesCalled = (db: Db, words: string): Promise<Hit[]> =>
  db
    .select({ key: invoices.id, name: invoices.number, about: customers.name })
    .from(invoices)
    .leftJoin(customers, eq(customers.ref, invoices.customerRef))
    .where(or(beginsWith(bareOf('number'), bare(words)), eq(bareOf('payment_reference'), bare(words))))
    .orderBy(desc(sql`invoices.rowid`))
    .limit(SHOWN)

const paymentsCalled = (db: Db, words: string): Promise<Hit[]> =>
  db
    .select({ key: payments.id, name: payments.receivedOn, about: payerOrReference })
    .from(payments)
    .where(
      and(
        sql`rowid > (SELECT MAX(rowid) FROM payments) - ${PAYMENTS_READ}`,
        anyHas([payments.reference, payer('name'), payer('account'), payments.externalKey], words),
      ),
    )
    .orderBy(desc(sql`rowid`))
    .limit(SHOWN)

const payer = (field: 'name' | 'account') => sql<string | null>`${payments.payer} ->> ${`$.${field}`}`

const payerOrReference = sql<string>`COALESCE(${payer('name')}, NULLIF(${payments.reference}, ''), ${payer('account')})`

/** Not by LIKE, whose patterns D1 keeps to 50 bytes. */
const anyHas = (texts: SQLWrapper[], words: string): SQL | undefined =>
  or(...texts.map((text) => sql`instr(lower(${text}), lower(${words})) > 0`))

/** In the order of an index, which a search inside the text would not use. */
const beginsWith = (text: SQL, start: string): SQL | undefined =>
  start === '' ? undefined : and(gte(text, start), lt(text, `${start}~`))

/** `rf42 lum0-0001` as the indexes of invoices have it: `RF42LUM00001`. */
const bare = (words: string): string => words.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase()
