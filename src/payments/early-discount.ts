import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { credit, type Dimensions, debit, journalEntry, type Posting } from '../ledger/journal-entry.ts'
import type { Candidate } from './match.ts'
import type { Payment } from './payment.ts'
import { type Decided, type LetGo, lettingGo, type Settled } from './settled.ts'

export const earlyDiscountId = (paymentId: string, invoiceId: string): string =>
  derivedId('alc', 'early_payment', paymentId, invoiceId)

/**
 * The discount for paying early lowers revenue and the tax on it: Dr revenue discount, tax payable / Cr accounts
 * receivable. All of it counts on the day of the payment, also for service that is still to come.
 *
 * @example 119.00 with 19.00 tax, 2 %: Dr revenue discount 2.00, tax payable 0.38 / Cr accounts receivable 2.38
 */
export function grantDiscount(
  payment: Payment,
  discount: LetGo,
  invoice: Pick<Candidate, 'number' | 'customerRef' | 'contractRef'> & {
    discount?: { tax: Minor } | undefined
  },
  decided: Decided,
): Settled {
  const { invoiceId, amount } = discount
  const id = earlyDiscountId(payment.id, invoiceId)
  const allocation = lettingGo(
    discount,
    {
      id,
      kind: 'discount',
      rule: 'early_payment',
      explanation: 'The payment came in time for the discount.',
    },
    decided,
  )
  const { customerRef, contractRef } = invoice
  const entry = journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: decided.date,
    event: 'early_discount_taken',
    sourceId: id,
    recordedAt: decided.now,
    description: `Discount for paying invoice ${invoice.number} early`,
    postings: discountPostings(amount, invoice.discount?.tax ?? 0n, { customerRef, contractRef, invoiceId }),
  })
  return { allocations: [allocation], entries: [entry] }
}

/** A discount as it is granted; of a negative amount, as it is taken back. */
export const discountPostings = (amount: Minor, tax: Minor, dimensions: Dimensions): Posting[] => [
  debit('revenue_discount', amount - tax, dimensions),
  debit('tax_payable', tax, dimensions),
  credit('accounts_receivable', amount, dimensions),
]
