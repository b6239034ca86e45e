import type { Instant } from '../kernel/calendar.ts'
import type { CreditGrant } from './grant.ts'

/**
 * Which of two grants is used first: the lower priority number, the earlier expiry (none comes last), promotional before
 * paid, the older one, and then by reference. A complete order, so that no plan hangs on the order of a query.
 */
export const burnOrder = (a: CreditGrant, b: CreditGrant): number =>
  a.priority - b.priority ||
  byExpiry(a.expiresAt, b.expiresAt) ||
  Number(a.kind === 'paid') - Number(b.kind === 'paid') ||
  a.createdAt - b.createdAt ||
  (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0)

const byExpiry = (a: Instant | null, b: Instant | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a - b
