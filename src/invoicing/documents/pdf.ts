import type { Labelled } from '../assembly/document-totals.ts'
import type { Invoice } from '../invoice.ts'
import type { Settlement } from '../settlement.ts'
import { type InvoiceDocument, invoiceDocument } from './document.ts'
import { BODY, BOLD, MUTED, WIDTH, writeHead, writeHeadline, writeLines, writeTotals } from './pdf-parts.ts'
import { MARGIN, type PdfFonts, Sheet, type TextStyle } from './pdf-sheet.ts'

/**
 * The invoice as a PDF on A4: one text layer, fonts embedded, as many pages as the lines need. `hostedUrl` is the page
 * where it can be paid; without one it is left out. The PDF library is loaded at the first call.
 */
export async function renderInvoicePdf(
  invoice: Invoice,
  { settlement, hostedUrl, fonts }: { settlement: Settlement; hostedUrl: string | null; fonts: PdfFonts },
): Promise<Uint8Array> {
  const document = invoiceDocument(invoice, settlement)
  const sheet = new Sheet(await import('@libpdf/core'), fonts)
  writeHead(sheet, 'Invoice', document)
  writeHeadline(
    sheet,
    document.state === 'PAID' ? 'Paid in full' : `${document.amountDue} due ${document.dueDate}`,
  )
  writeLines(sheet, document.lines)
  const due = { label: `Amount due (${document.currency})`, value: document.amountDue }
  writeTotals(sheet, [...document.totals, due], document.notes)
  writePayment(sheet, document, hostedUrl)
  return sheet.finish(
    `Invoice ${document.number}`,
    document.seller.name,
    `${document.seller.name} · ${document.number}`,
  )
}

function writePayment(sheet: Sheet, document: InvoiceDocument, hostedUrl: string | null): void {
  if (document.state === 'PAID') return
  const blocks = document.bankAccounts
  const lines = blocks.reduce((count, block) => count + block.length, 0)
  sheet.makeRoom(70 + lines * 14 + blocks.length * 6)
  sheet.y -= 14
  sheet.paragraph('How to pay', MARGIN, WIDTH, { size: 11, bold: true })
  sheet.y -= 2
  if (hostedUrl) {
    sheet.write('Pay online', MARGIN, 95, MUTED)
    sheet.link('Open the invoice and pay by any of its methods', hostedUrl, MARGIN + 100, 9)
    sheet.y -= 14
  }
  writeFact(sheet, { label: 'Payment reference', value: document.paymentReference }, BOLD)
  for (const block of blocks) {
    sheet.y -= 6
    for (const fact of block) writeFact(sheet, fact, BODY)
  }
}

function writeFact(sheet: Sheet, fact: Labelled, style: TextStyle): void {
  sheet.write(fact.label, MARGIN, 95, MUTED)
  sheet.write(fact.value, MARGIN + 100, WIDTH - 100, style)
  sheet.y -= 14
}
