import { products } from '../catalog/catalog.schema.ts'
import { SUM_OF_QUANTITY } from '../catalog/metric.ts'
import { defaultRecognition } from '../catalog/product.ts'
import { customers } from '../customers/customers.schema.ts'
import type { Instant } from '../kernel/calendar.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import type { Parcel } from './parcel.ts'

/** A customer or product that a meter has heard of, under the name it was given first. */
export type Sighting = { kind: 'customer' | 'product'; ref: string; name: string; seenAt: Instant }

type SightingRow = { kind: Sighting['kind']; ref: string; name: string; seen_at: number }

/** Where a customer and products were seen, and when. */
export type Seen = Pick<Parcel, 'customerRef' | 'customerName' | 'products' | 'receivedAt'>

/** What an event that was changed tells of, as a parcel would. */
export const seenIn = (event: Record<string, unknown>, receivedAt: Instant): Seen => ({
  customerRef: String(event.customer_ref),
  customerName: nameOf(event.customer_name),
  products: [[String(event.usage_product_ref), nameOf(event.usage_product_name)]],
  receivedAt,
})

const nameOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Keeps the first sighting of the customer and of each product; answers how many are new. */
export function noteSightings(
  sql: SqlStorage,
  { customerRef, customerName, products, receivedAt }: Seen,
): number {
  const seen = [
    ['customer', customerRef, customerName] as const,
    ...products.map(([ref, name]) => ['product', ref, name] as const),
  ]
  let added = 0
  for (const [kind, ref, name] of seen) {
    added += sql.exec(
      'INSERT OR IGNORE INTO sightings (kind, ref, name, seen_at) VALUES (?, ?, ?, ?)',
      kind,
      ref,
      presentable(name) || ref,
      receivedAt,
    ).rowsWritten
  }
  return added
}

/** A name is only a label: whatever stands in it, the usage counts, and the row can be written and shown. */
const presentable = (name: string | null): string => (name ?? '').replace(/\p{Cc}+/gu, ' ').trim()

/** The products that the meter has ever heard of. */
export const sightedProducts = (sql: SqlStorage): string[] =>
  Array.from(sql.exec<{ ref: string }>("SELECT ref FROM sightings WHERE kind = 'product'"), ({ ref }) => ref)

export const untoldSightings = (sql: SqlStorage): Sighting[] =>
  Array.from(
    sql.exec<SightingRow>('SELECT kind, ref, name, seen_at FROM sightings WHERE told = 0'),
    (row) => ({ kind: row.kind, ref: row.ref, name: row.name, seenAt: row.seen_at }),
  )

export function markTold(sql: SqlStorage, sightings: readonly Sighting[]): void {
  for (const { kind, ref } of sightings)
    sql.exec('UPDATE sightings SET told = 1 WHERE kind = ? AND ref = ?', kind, ref)
}

/** The statements that make them known to everybody. Who is known already stays as they are. */
export const introduce = (db: Db, sightings: readonly Sighting[]): Statement[] => [
  ...insertRows(db, customers, ofKind(sightings, 'customer').map(customerRow), { ignoreExisting: true }),
  ...insertRows(db, products, ofKind(sightings, 'product').map(productRow), { ignoreExisting: true }),
]

const ofKind = (sightings: readonly Sighting[], kind: Sighting['kind']): Sighting[] =>
  sightings.filter((sighting) => sighting.kind === kind)

const customerRow = ({ ref, name, seenAt }: Sighting) => ({
  ref,
  name,
  address: {},
  autoCharge: false,
  customFields: {},
  origin: 'usage' as const,
  createdAt: seenAt,
})

const productRow = ({ ref, name, seenAt }: Sighting) => ({
  ref,
  name,
  kind: 'usage' as const,
  metric: SUM_OF_QUANTITY,
  recognition: defaultRecognition.usage,
  origin: 'usage' as const,
  createdAt: seenAt,
})
