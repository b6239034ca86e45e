import { findCustomer } from '../../customers/customers.store.ts'
import { derivedId } from '../../kernel/id.ts'
import { assert } from '../../kernel/problem.ts'
import { commit, type Db } from '../../storage/db.store.ts'
import { nameStripeCustomer } from './card.store.ts'
import type { StripeClient } from './stripe.client.ts'

/** Stripe's id of a customer, made on first use: a card can only be saved for a customer that Stripe knows. */
export async function ensureStripeCustomer(
  db: Db,
  stripe: StripeClient,
  customerRef: string,
): Promise<string> {
  const customer = await findCustomer(db, customerRef)
  assert(customer, `the invoice names the customer ${customerRef}, who is not here`)
  if (customer.stripeCustomerId) return customer.stripeCustomerId
  const name = customer.legalName ?? customer.name
  const email = customer.email?.split(',')[0]?.trim()
  const made = await stripe.customers.create(
    { name, ...(email && { email }), metadata: { customer_ref: customerRef } },
    { idempotencyKey: derivedId('customer', customerRef, name, email ?? '') },
  )
  await commit(db, [nameStripeCustomer(db, customerRef, made.id)])
  return made.id
}
