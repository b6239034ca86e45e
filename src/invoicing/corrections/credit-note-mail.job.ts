import type { Effect } from '../../delivery/effect.ts'
import { sendMail } from '../../delivery/mail.client.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { displayMoney } from '../../kernel/money.ts'
import { periodInWords } from '../documents/date-words.ts'
import { hostedUrlInMail } from '../documents/hosted-link.ts'
import { mailAddresses, pdfName } from '../documents/issued-mail.job.ts'
import { readFonts } from '../documents/pdf-fonts.client.ts'
import { type FoundInvoice, findInvoice } from '../invoicing.store.ts'
import { creditNoteMail } from './credit-note.mail.tsx'
import { type FoundCreditNote, findCreditNote } from './credit-note.store.ts'
import { renderCreditNotePdf } from './credit-note-pdf.ts'

/** Tells the customer what was credited, and what is left to pay when the mail goes out. */
export const mailCreditNote: Effect<EffectContext, 'credit_note_mail'> = async (
  { env, db },
  { creditNoteId },
) => {
  const credited = await findCreditNote(db, creditNoteId)
  const found = credited && (await findInvoice(db, credited.creditNote.invoiceId))
  if (!credited || !found) return
  const to = mailAddresses(found.invoice.parties.buyer)
  if (to.length === 0) return
  const url = hostedUrlInMail(env, found.invoice.id)
  await sendMail(env, {
    to,
    ...creditNoteMail(noticeOf(credited, found, url)),
    attachments: [
      {
        filename: pdfName(credited.creditNote),
        type: 'application/pdf',
        content: await renderCreditNotePdf(credited.creditNote, {
          lines: credited.lines,
          invoice: found.invoice,
          fonts: await readFonts(env),
        }),
      },
    ],
    reference: `credit_note ${creditNoteId}`,
  })
}

function noticeOf(
  { creditNote, lines }: FoundCreditNote,
  { invoice, allocated }: FoundInvoice,
  hostedUrl: string,
) {
  const money = (amount: bigint) => displayMoney(amount, invoice.currency)
  const left = invoice.total - allocated
  return {
    sellerName: invoice.parties.seller.name,
    number: creditNote.number,
    invoiceNumber: invoice.number,
    reason: creditNote.reason,
    total: money(creditNote.total),
    credit: creditNote.released > 0n ? money(creditNote.released) : null,
    left: left > 0n ? money(left) : null,
    lines: lines.map(({ description, serviceStart, serviceEnd, amount }) => ({
      description,
      period: periodInWords(serviceStart, serviceEnd),
      amount: money(amount),
    })),
    hostedUrl,
  }
}
