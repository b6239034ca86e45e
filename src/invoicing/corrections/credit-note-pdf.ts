import { displayMoney, type Minor, parseMoney } from '../../kernel/money.ts'
import { dateInWords, periodInWords } from '../documents/date-words.ts'
import { type DocumentLine, partyOf, present } from '../documents/document.ts'
import { SMALL, WIDTH, writeHead, writeHeadline, writeLines, writeTotals } from '../documents/pdf-parts.ts'
import { MARGIN, type PdfFonts, Sheet } from '../documents/pdf-sheet.ts'
import type { Invoice } from '../invoice.ts'
import type { CreditNote } from './credit-note-document.ts'
import type { LineReversal } from './line-reversal.ts'

/**
 * The credit note as a PDF on A4. It names the invoice that it amends and shows both sides as that invoice has them, as
 * the VAT directive asks of every document that amends an invoice (art. 219). Amounts are what is credited, positive.
 */
export async function renderCreditNotePdf(
  note: CreditNote,
  { lines, invoice, fonts }: { lines: readonly LineReversal[]; invoice: Invoice; fonts: PdfFonts },
): Promise<Uint8Array> {
  const { seller, buyer, contract_number, po_number } = invoice.parties
  const money = (amount: Minor) => displayMoney(amount, note.currency)
  const sheet = new Sheet(await import('@libpdf/core'), fonts)
  const facts = present([
    ['Credit note', note.number],
    ['Issue date', dateInWords(note.issueDate)],
    ['For invoice', invoice.number],
    ['Invoice date', dateInWords(invoice.issueDate)],
    ['Contract', contract_number],
    ['PO number', po_number],
  ])
  writeHead(sheet, 'Credit note', { seller: partyOf(seller), buyer: partyOf(buyer), facts })
  writeHeadline(sheet, `${money(note.total)} credited`)
  sheet.paragraph(note.reason, MARGIN, WIDTH, SMALL)
  sheet.y -= 10
  writeLines(
    sheet,
    lines.map((line) => lineOf(line, money)),
    { description: 'Description', quantity: '', unitAmount: '', amount: 'Credited' },
  )
  writeTotals(sheet, totalsOf(note, money), notesOf(note, money))
  return sheet.finish(`Credit note ${note.number}`, seller.name, `${seller.name} · ${note.number}`)
}

const lineOf = (
  { description, serviceStart, serviceEnd, amount }: LineReversal,
  money: (amount: Minor) => string,
): DocumentLine => ({
  description,
  period: periodInWords(serviceStart, serviceEnd),
  note: '',
  quantity: '',
  unitAmount: '',
  amount: money(amount),
  detail: [],
})

const totalsOf = ({ currency, subTotal, taxes, total }: CreditNote, money: (amount: Minor) => string) => [
  { label: 'Subtotal', value: money(subTotal) },
  ...taxes.map(({ name, percent, tax }) => ({
    label: `${name} ${percent}%`,
    value: money(parseMoney(tax, currency) ?? 0n),
  })),
  { label: `Total credited (${currency})`, value: money(total) },
]

const notesOf = ({ released }: CreditNote, money: (amount: Minor) => string): string[] =>
  released > 0n ? [`${money(released)} were paid already and are kept as credit.`] : []
