import type { Env } from '../env.ts'
import { openDb } from '../storage/db.store.ts'
import { knownCustomers, knownProducts } from './known-refs.store.ts'
import type { UsageEvent } from './usage-event.ts'
import type { Refusal } from './verdict.ts'

const KNOWN_MAX = 20_000

/** Customers and products that this isolate has found. They are never deleted, so they need not be asked for again. */
const found = { customers: new Set<string>(), products: new Set<string>() }

export const isStrict = (env: Env): boolean => env.STRICT_REFS === 'true'

/** Refuses the events of customers and products that there are not, by their places. */
export async function strangers(env: Env, events: readonly UsageEvent[]): Promise<Map<number, Refusal>> {
  const db = openDb(env.DB)
  await Promise.all([
    look(found.customers, new Set(events.map((event) => event.customerRef)), (refs) =>
      knownCustomers(db, refs),
    ),
    look(found.products, new Set(events.map((event) => event.productRef)), (refs) => knownProducts(db, refs)),
  ])
  const refused = new Map<number, Refusal>()
  for (const [place, { customerRef, productRef }] of events.entries()) {
    if (!found.customers.has(customerRef))
      refused.set(place, unknown('customer', 'customer_ref', customerRef))
    else if (!found.products.has(productRef))
      refused.set(place, unknown('product', 'usage_product_ref', productRef))
  }
  return refused
}

async function look(
  known: Set<string>,
  asked: ReadonlySet<string>,
  find: (refs: string[]) => Promise<string[]>,
): Promise<void> {
  if (known.size + asked.size > KNOWN_MAX) known.clear()
  const missing = [...asked].filter((ref) => !known.has(ref))
  if (missing.length === 0) return
  for (const ref of await find(missing)) known.add(ref)
}

const unknown = (what: 'customer' | 'product', path: string, ref: string): Refusal => ({
  outcome: 'rejected',
  code: `unknown_${what}`,
  detail: `There is no ${what} "${ref}", and this deployment takes no usage of unknown ones. Set it up, and send again.`,
  path,
})
