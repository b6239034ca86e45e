import { eq } from 'drizzle-orm'
import { customers, legalEntities } from '../../../src/customers/customers.schema.ts'
import { outbox } from '../../../src/delivery/delivery.schema.ts'
import { findInvoice } from '../../../src/invoicing/invoicing.store.ts'
import type { StripeClient } from '../../../src/payments/card/stripe.client.ts'
import { paymentsOfInvoice } from '../../../src/payments/payments.store.ts'
import { commit, insertRows, openDb } from '../../../src/storage/db.store.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'
import { env } from '../../support/worker.ts'

export const db = openDb(env.DB)
export const NOW = Date.UTC(2026, 0, 20)
export const context = { env, db, now: NOW }

/** A seller, and a customer of its own for each test: what is saved for one must not be seen by another. */
export async function makeCustomer(ref: string, card?: { customer: string; paymentMethod: string }) {
  const entity: typeof legalEntities.$inferInsert = {
    ref: 'acme-eu',
    name: 'Acme Europe',
    legalName: 'Acme Europe GmbH',
    address: {},
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    framework: 'IFRS15',
    invoiceSeries: 'INV',
    rounding: 'half_up',
    fxSource: 'ecb',
    bankAccounts: [],
    wallets: [],
    createdAt: NOW,
  }
  const customer: typeof customers.$inferInsert = {
    ref,
    name: `Customer ${ref}`,
    email: `${ref}@example.test`,
    address: {},
    autoCharge: true,
    stripeCustomerId: card?.customer ?? null,
    stripePaymentMethodId: card?.paymentMethod ?? null,
    customFields: {},
    origin: 'api',
    createdAt: NOW,
  }
  await commit(db, [
    ...insertRows(db, legalEntities, [entity], { ignoreExisting: true }),
    ...insertRows(db, customers, [customer]),
  ])
}

/** An invoice over 100.00 EUR whose customer has saved this test card. */
export async function invoiceWithCard(stripe: StripeClient, ref: string, testCard: string) {
  const customer = await stripe.customers.create({ name: ref })
  const { id: paymentMethod } = await stripe.paymentMethods.attach(testCard, { customer: customer.id })
  await makeCustomer(ref, { customer: customer.id, paymentMethod })
  return issueInvoice(db, { number: ref.toUpperCase(), customerRef: ref })
}

export async function customerRow(ref: string) {
  const [row] = await db.select().from(customers).where(eq(customers.ref, ref))
  return row!
}

/** What our books know of an invoice's payments: the parts applied, and what is open. */
export async function standing(invoiceId: string) {
  const found = await findInvoice(db, invoiceId)
  const paid = await paymentsOfInvoice(db, invoiceId)
  return { open: found!.invoice.total - found!.allocated, paid: paid.map(({ applied }) => applied) }
}

/** The messages of one topic that wait for, or went through, the outbox. */
export async function asked(topic: (typeof outbox.$inferSelect)['topic']) {
  const rows = await db.select().from(outbox).where(eq(outbox.topic, topic))
  return rows.map(({ payload }) => payload)
}
