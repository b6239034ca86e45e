import type { LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import type { MatchRule } from './match.ts'

export const RAILS = ['card', 'wire', 'crypto', 'manual'] as const
export type Rail = (typeof RAILS)[number]

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

/** How a payment was matched, and why in words. */
export type Decision = {
  paymentId: string
  rule: MatchRule
  explanation: string
  actor: string
  decidedAt: number
}

/** The rail's own identity of the money makes the payment's id: reported again, it meets the same row. */
export const paymentIdOf = (rail: Rail, externalKey: string): string => derivedId('pay', rail, externalKey)
