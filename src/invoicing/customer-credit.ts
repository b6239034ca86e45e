import type { Instant } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'

/** Money of a payment that becomes the customer's credit. */
export type CustomerCredit = {
  id: string
  paymentId: string
  customerRef: string
  entityRef: string
  currency: string
  amount: Minor
  createdAt: Instant
}
