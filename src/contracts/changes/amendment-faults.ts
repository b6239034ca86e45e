import type { LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import type { IsRead, Partly } from '../../kernel/partly.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractTerms } from '../contract.ts'
import { boundaryDate } from '../periods/schedule.ts'
import { instantOf } from '../periods/zone.ts'
import { faultsOfTerms } from '../terms/faults.ts'
import type { SoldProduct } from '../terms/rule.ts'
import { boundaryOn, type ContractChange, type ProductAfter } from './amendment.ts'

/** The field that says from which day on an amendment holds. */
const DAY = 'effective_date'

const AGREED = new Set(['currency', 'end_date', 'anchor_date', 'alignment', 'billing_cycle', 'issue_day'])

/**
 * Which parts of amended terms were read: what an amendment leaves as it was agreed is known whatever was sent, and what
 * is sent without a day of its own begins on that of the amendment.
 */
export const readOfAmendment =
  (isRead: IsRead): IsRead =>
  (path) =>
    AGREED.has(path) || isRead(path === 'start_date' ? DAY : path)

/**
 * What is wrong with amended terms, at the paths of the amendment. Of prices that go on as they were agreed, or are
 * past, nothing is said. `isRead` is asked for the amendment's own fields.
 */
export function faultsOfAmended(
  after: ContractTerms,
  products: readonly ProductAfter[],
  { value, isRead }: Omit<Partly<ContractChange>, 'faults'>,
  sold: ReadonlyMap<string, SoldProduct>,
): Fault[] {
  const paths = products.map(pathOf)
  const faults = faultsOfTerms(after, sold, { isRead: readOfAmendment(isRead), paths })
  const told = faults.flatMap(({ path, message }) => {
    const own = ownPath(path, value, isRead)
    return own === undefined ? [] : [{ path: own, message }]
  })
  return [...new Map(told.map((fault) => [canonicalJson(fault), fault])).values()]
}

const pathOf = ({ sentAt }: ProductAfter): string | undefined =>
  sentAt === null ? DAY : sentAt === undefined ? undefined : `products.${sentAt}`

/**
 * Where the amendment says what a fault of the terms is about: a product that ends, or begins without a day of its own,
 * does so on the day of the amendment. Undefined where that cannot be known, since the product was not read.
 */
function ownPath(path: string, { products = [] }: ContractChange, isRead: IsRead): string | undefined {
  if (path.startsWith(`${DAY}.`)) {
    return path === `${DAY}.billing_end_date` && isRead('products') ? DAY : undefined
  }
  const place = /^products\.(\d+)\.billing_start_date$/.exec(path)?.[1]
  if (place === undefined || products[Number(place)]?.billing_start_date) return path
  return isRead(`products.${place}`) ? DAY : undefined
}

/** A zone far to the east may begin a day before the cycle of a single day has begun in the zone before. */
export function faultsOfZone(terms: ContractTerms, from: LocalDate): Fault[] {
  const next = boundaryDate({ ...terms, end_date: null }, (boundaryOn(terms, from) ?? 0) + 1)
  if (instantOf(terms, next) > instantOf(terms, from)) return []
  const message = `leaves no time for the cycle from ${from} on; change it by way of a zone between`
  return [{ path: 'timezone', message }]
}
