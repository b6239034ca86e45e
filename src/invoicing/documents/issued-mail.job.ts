import { findContract } from '../../contracts/contracts.store.ts'
import { type Customer, findCustomer } from '../../customers/customers.store.ts'
import type { Effect } from '../../delivery/effect.ts'
import { sendMail } from '../../delivery/mail.client.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { logInfo } from '../../log.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Invoice } from '../invoice.ts'
import { type FoundInvoice, findInvoice } from '../invoicing.store.ts'
import { invoiceDocument } from './document.ts'
import { hostedUrlInMail } from './hosted-link.ts'
import { issuedMail } from './issued.mail.tsx'
import { renderInvoicePdf } from './pdf.ts'
import { readFonts } from './pdf-fonts.client.ts'

/** Mails an invoice with its PDF to the customer as it is known now. Without an address there is nothing to do. */
export const mailIssuedInvoice: Effect<EffectContext, 'invoice_issued_mail'> = async (
  { env, db },
  { invoiceId },
) => {
  const found = await findInvoice(db, invoiceId)
  const customer = found && (await findCustomer(db, found.invoice.customerRef))
  if (!found || !customer) throw new Error(`invoice ${invoiceId} or its customer is missing`)
  const to = mailAddresses(customer)
  if (to.length === 0) {
    logInfo({ invoiceId, message: 'the customer has no e-mail address' })
    return
  }
  const { invoice, settlement } = found
  const url = hostedUrlInMail(env, invoice.id)
  const charged = await isCharged(db, found, customer)
  await sendMail(env, {
    to,
    ...issuedMail({ document: invoiceDocument(invoice, settlement), hostedUrl: url, charged }),
    attachments: [
      {
        filename: pdfName(invoice),
        type: 'application/pdf',
        content: await renderInvoicePdf(invoice, { settlement, hostedUrl: url, fonts: await readFonts(env) }),
      },
    ],
    reference: `invoice_issued ${invoiceId}`,
  })
}

/** The seed product keeps several addresses in one field, separated by commas. */
export const mailAddresses = ({ email }: { email: string | null }): string[] =>
  (email ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')

/** A document number may hold characters that a file name must not. */
export const pdfName = ({ number }: Pick<Invoice, 'number'>): string =>
  `${number.replace(/[^\w.-]/g, '_')}.pdf`

async function isCharged(db: Db, { invoice, allocated }: FoundInvoice, customer: Customer): Promise<boolean> {
  if (customer.stripePaymentMethodId === null || allocated > 0n) return false
  const contract = await findContract(db, invoice.contractRef)
  return contract?.terms.auto_charge ?? false
}
