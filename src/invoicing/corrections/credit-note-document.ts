import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { TaxLine } from '../invoice.ts'
import type { CreditNoteCause } from './credit-note-cause.ts'

/** A credit note as issued; amounts in minor units, positive. */
export type CreditNote = {
  id: string
  entityRef: string
  series: string
  sequence: number
  number: string
  invoiceId: string
  customerRef: string
  contractRef: string
  currency: string
  issueDate: LocalDate
  cause: CreditNoteCause
  reason: string
  subTotal: Minor
  totalTax: Minor
  total: Minor
  taxes: TaxLine[]
  /** The part that was paid already, and becomes the customer's credit. */
  released: Minor
  contentHash: string
  issuedAt: Instant
}
