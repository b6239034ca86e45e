import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { address, metadata, params, text } from './params.ts'

const customerParams = params({
  name: z.string().optional(),
  email: z.string().max(512).optional(),
  phone: z.string().optional(),
  description: z.string().optional(),
  address: z.union([z.literal(''), address]).optional(),
  metadata: metadata.optional(),
  invoice_settings: z.strictObject({ default_payment_method: z.string().optional() }).optional(),
})
const listParams = params({ ...listFields, email: text.optional() })
type CustomerParams = z.output<typeof customerParams>

export function mountCustomers(app: Hono<StandInEnv>): void {
  app.post('/v1/customers', endpoint(customerParams, createCustomer))
  app.get('/v1/customers', endpoint(listParams, listCustomers))
  app.get(
    '/v1/customers/:id',
    endpoint(params({}), ({ tables }, _, id) => customerOf(tables, id)),
  )
  app.post('/v1/customers/:id', endpoint(customerParams, updateCustomer))
}

/** The customer with an id: `param` names the parameter that had it, or nothing when it was in the path. */
export function customerOf(tables: Call['tables'], id: string, param?: string): Stripe.Customer {
  const customer = tables.customers.get(id)
  if (!customer) throw noSuch('customer', id, param)
  return customer
}

/** New keys are added, empty values take theirs away, an empty parameter takes all. */
export function mergedMetadata(
  old: Stripe.Metadata | null,
  given: z.output<typeof metadata> | undefined,
): Stripe.Metadata {
  if (given === '') return {}
  return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== ''))
}

function createCustomer(call: Call, given: CustomerParams): Stripe.Customer {
  const customer = call.tables.customers.put(applied(emptyCustomer(call.now), given))
  call.emit('customer.created', customer)
  return customer
}

function updateCustomer(call: Call, given: CustomerParams, id: string): Stripe.Customer {
  const customer = call.tables.customers.put(applied(customerOf(call.tables, id), given))
  call.emit('customer.updated', customer)
  return customer
}

const listCustomers = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.customers.all().filter(({ email }) => given.email === undefined || email === given.email),
    '/v1/customers',
    'customer',
    given,
  )

const applied = (customer: Stripe.Customer, given: CustomerParams): Stripe.Customer => ({
  ...customer,
  name: changed(customer.name ?? null, given.name),
  email: changed(customer.email, given.email),
  phone: changed(customer.phone ?? null, given.phone),
  description: changed(customer.description, given.description),
  address: given.address === undefined ? (customer.address ?? null) : wholeAddress(given.address),
  metadata: mergedMetadata(customer.metadata, given.metadata),
  invoice_settings: {
    ...customer.invoice_settings,
    default_payment_method: changed(
      customer.invoice_settings.default_payment_method as string | null,
      given.invoice_settings?.default_payment_method,
    ),
  },
})

/** A parameter that was not sent changes nothing; an empty one unsets. */
const changed = (old: string | null, given: string | undefined): string | null =>
  given === undefined ? old : given === '' ? null : given

const wholeAddress = (given: '' | z.output<typeof address>): Stripe.Address | null =>
  given === ''
    ? null
    : {
        city: given.city ?? null,
        country: given.country ?? null,
        line1: given.line1 ?? null,
        line2: given.line2 ?? null,
        postal_code: given.postal_code ?? null,
        state: given.state ?? null,
      }

const emptyCustomer = (created: number): Stripe.Customer => ({
  id: stripeId('cus', 14),
  object: 'customer',
  address: null,
  balance: 0,
  created,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: null,
  invoice_prefix: stripeId('in', 8).slice(3).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: {},
  name: null,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
})
