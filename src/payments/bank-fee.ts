import { derivedId } from '../kernel/id.ts'
import { credit, debit, journalEntry } from '../ledger/journal-entry.ts'
import type { Payment } from './payment.ts'
import { type Decided, type LetGo, lettingGo, type Settled, type SettledInvoice } from './settled.ts'

export const bankFeeId = (paymentId: string, invoiceId: string): string =>
  derivedId('alc', 'bank_fee', paymentId, invoiceId)

/** What a bank kept on the way is the seller's cost: Dr bank fees / Cr accounts receivable. */
export function bearFee(
  payment: Payment,
  fee: LetGo,
  { number, customerRef, contractRef }: SettledInvoice,
  decided: Decided,
): Settled {
  const { invoiceId, amount } = fee
  const id = bankFeeId(payment.id, invoiceId)
  const dimensions = { customerRef, contractRef, invoiceId }
  const allocation = lettingGo(
    fee,
    {
      id,
      kind: 'bank_fee',
      rule: 'bank_fee',
      explanation: 'The payment was short by no more than the tolerance for bank fees.',
    },
    decided,
  )
  const entry = journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: decided.date,
    event: 'bank_fee_borne',
    sourceId: id,
    recordedAt: decided.now,
    description: `Bank fee borne for invoice ${number}`,
    postings: [
      debit('bank_fees', amount, { customerRef }),
      credit('accounts_receivable', amount, dimensions),
    ],
  })
  return { allocations: [allocation], entries: [entry] }
}
