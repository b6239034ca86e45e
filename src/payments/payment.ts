import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'

export type Rail = 'card' | 'wire' | 'crypto' | 'manual'

/** What is known of who paid. */
export type Payer = { name?: string | undefined; account?: string | undefined }

/** Money that arrived on one of the rails. */
export type Payment = {
  id: string
  rail: Rail
  externalKey: string
  entityRef: string
  customerRef: string | null
  currency: string
  amount: Minor
  receivedOn: LocalDate
  payer: Payer
  /** What the payer wrote: the creditor reference, an invoice number, or free text. */
  reference: string
  recordedAt: number
}
