import { type DocumentLine, type InvoiceDocument, invoiceDocument } from './document.ts'
import type { Labelled } from './document-totals.ts'
import type { Invoice } from './invoice.ts'
import { MARGIN, type PdfFonts, RIGHT, Sheet, type TextStyle } from './pdf-sheet.ts'
import type { Settlement } from './settlement.ts'

const WIDTH = RIGHT - MARGIN
const HALF = WIDTH / 2 - 15
const SECOND = RIGHT - HALF
/** The part of the totals' width that their names take. */
const LABEL = 0.66
const BODY: TextStyle = { size: 9 }
const BOLD: TextStyle = { size: 9, bold: true }
const MUTED: TextStyle = { size: 9, tone: 'muted' }
const SMALL: TextStyle = { size: 8, tone: 'muted' }

/** The columns of the table of lines. */
const COLUMNS = {
  description: { x: MARGIN, width: 235 },
  quantity: { x: MARGIN + 245, width: 75 },
  unitAmount: { x: MARGIN + 330, width: 75 },
  amount: { x: MARGIN + 415, width: WIDTH - 415 },
}

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
  writeHead(sheet, document)
  writeLines(sheet, document.lines)
  writeTotals(sheet, document)
  writePayment(sheet, document, hostedUrl)
  return sheet.finish(
    `Invoice ${document.number}`,
    document.seller.name,
    `${document.seller.name} · ${document.number}`,
  )
}

function writeHead(sheet: Sheet, document: InvoiceDocument): void {
  const top = sheet.y
  sheet.write('Invoice', MARGIN, HALF, { size: 22, bold: true })
  sheet.y -= 46
  writeParty(sheet, MARGIN, 'From', document.seller)
  const sellerEnd = sheet.y
  sheet.y = top - 46
  writeParty(sheet, SECOND, 'Billed to', document.buyer)
  sheet.y = Math.min(sellerEnd, sheet.y) - 14
  writeFacts(sheet, document.facts)
  sheet.y -= 16
  const headline =
    document.state === 'PAID' ? 'Paid in full' : `${document.amountDue} due ${document.dueDate}`
  sheet.write(headline, MARGIN, WIDTH, { size: 15, bold: true })
  sheet.y -= 34
}

function writeParty(sheet: Sheet, x: number, label: string, party: InvoiceDocument['seller']): void {
  sheet.paragraph(label, x, HALF, SMALL)
  sheet.paragraph(party.name, x, HALF, { size: 10, bold: true })
  for (const line of party.lines) sheet.paragraph(line, x, HALF, BODY)
}

/** Two columns of labelled values. */
function writeFacts(sheet: Sheet, facts: readonly Labelled[]): void {
  for (let place = 0; place < facts.length; place += 2) {
    for (const [column, fact] of facts.slice(place, place + 2).entries()) {
      const x = column === 0 ? MARGIN : SECOND
      sheet.write(fact.label, x, 75, MUTED)
      sheet.write(fact.value, x + 80, HALF - 80, BODY)
    }
    sheet.y -= 14
  }
}

function writeLines(sheet: Sheet, lines: readonly DocumentLine[]): void {
  writeLineHeadings(sheet)
  for (const line of lines) {
    const height = sheet.heightOf(line.description, COLUMNS.description.width, BOLD)
    if (sheet.makeRoom(height + 28)) writeLineHeadings(sheet)
    writeRow(sheet, line, BOLD, BODY)
    sheet.paragraph(belowLine(line), MARGIN, COLUMNS.description.width, SMALL)
    for (const row of line.detail) {
      if (sheet.makeRoom(sheet.heightOf(row.description, COLUMNS.description.width, SMALL)))
        writeLineHeadings(sheet)
      writeRow(sheet, row, SMALL, SMALL)
    }
    sheet.y -= 5
    sheet.rule()
    sheet.y -= 7
  }
}

const belowLine = ({ period, note }: DocumentLine): string => (note === '' ? period : `${period}, ${note}`)

function writeLineHeadings(sheet: Sheet): void {
  const headings = {
    description: 'Description',
    quantity: 'Quantity',
    unitAmount: 'Unit price',
    amount: 'Amount',
  }
  writeRow(sheet, headings, SMALL, SMALL)
  sheet.y -= 3
  sheet.rule(1)
  sheet.y -= 7
}

type Row = { description: string; quantity: string; unitAmount: string; amount: string }

function writeRow(sheet: Sheet, row: Row, first: TextStyle, others: TextStyle): void {
  for (const column of ['quantity', 'unitAmount', 'amount'] as const) {
    sheet.write(row[column], COLUMNS[column].x, COLUMNS[column].width, others, 'right')
  }
  sheet.paragraph(row.description, MARGIN, COLUMNS.description.width, first)
}

function writeTotals(sheet: Sheet, { totals, notes, amountDue, currency }: InvoiceDocument): void {
  const rows = [...totals, { label: `Amount due (${currency})`, value: amountDue }]
  sheet.makeRoom(rows.length * 15 + 10)
  sheet.y -= 4
  for (const row of rows) {
    const style = row === rows.at(-1) ? BOLD : BODY
    sheet.write(row.label, SECOND, HALF * LABEL, style)
    sheet.write(row.value, SECOND + HALF * LABEL, HALF * (1 - LABEL), style, 'right')
    sheet.y -= 15
  }
  for (const note of notes) {
    sheet.makeRoom(sheet.heightOf(note, WIDTH, SMALL))
    sheet.paragraph(note, MARGIN, WIDTH, SMALL)
  }
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
