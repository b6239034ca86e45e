import { findInvoice } from '../invoicing/invoicing.store.ts'
import { cardAttemptsOfInvoice } from '../payments/card/card.store.ts'
import { transfersOfInvoice } from '../payments/crypto/crypto.store.ts'
import { paymentsOfInvoice } from '../payments/payments.store.ts'
import type { Db } from '../storage/db.store.ts'
import type { InvoiceFacts } from './hosted-invoice.ts'

export async function readInvoiceFacts(db: Db, invoiceId: string): Promise<InvoiceFacts | undefined> {
  const [found, payments, transfers, cardAttempts] = await Promise.all([
    findInvoice(db, invoiceId),
    paymentsOfInvoice(db, invoiceId),
    transfersOfInvoice(db, invoiceId),
    cardAttemptsOfInvoice(db, invoiceId),
  ])
  return found && { ...found, payments, transfers, cardAttempts }
}
