import type { Labelled } from '../assembly/document-totals.ts'
import type { DocumentLine, DocumentParty } from './document.ts'
import { MARGIN, RIGHT, type Sheet, type TextStyle } from './pdf-sheet.ts'

export const WIDTH = RIGHT - MARGIN
const HALF = WIDTH / 2 - 15
const SECOND = RIGHT - HALF
/** The part of the totals' width that their names take. */
const LABEL = 0.66
export const BODY: TextStyle = { size: 9 }
export const BOLD: TextStyle = { size: 9, bold: true }
export const MUTED: TextStyle = { size: 9, tone: 'muted' }
export const SMALL: TextStyle = { size: 8, tone: 'muted' }

/** The columns of the table of lines. */
const COLUMNS = {
  description: { x: MARGIN, width: 235 },
  quantity: { x: MARGIN + 245, width: 75 },
  unitAmount: { x: MARGIN + 330, width: 75 },
  amount: { x: MARGIN + 415, width: WIDTH - 415 },
}

/** The title, both sides, and the facts of a document. */
export function writeHead(
  sheet: Sheet,
  title: string,
  document: { seller: DocumentParty; buyer: DocumentParty; facts: readonly Labelled[] },
): void {
  const top = sheet.y
  sheet.write(title, MARGIN, HALF, { size: 22, bold: true })
  sheet.y -= 46
  writeParty(sheet, MARGIN, 'From', document.seller)
  const sellerEnd = sheet.y
  sheet.y = top - 46
  writeParty(sheet, SECOND, 'Billed to', document.buyer)
  sheet.y = Math.min(sellerEnd, sheet.y) - 14
  writeFacts(sheet, document.facts)
  sheet.y -= 16
}

export function writeHeadline(sheet: Sheet, text: string): void {
  sheet.write(text, MARGIN, WIDTH, { size: 15, bold: true })
  sheet.y -= 34
}

function writeParty(sheet: Sheet, x: number, label: string, party: DocumentParty): void {
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

type Row = { description: string; quantity: string; unitAmount: string; amount: string }

const HEADINGS: Row = {
  description: 'Description',
  quantity: 'Quantity',
  unitAmount: 'Unit price',
  amount: 'Amount',
}

export function writeLines(sheet: Sheet, lines: readonly DocumentLine[], headings: Row = HEADINGS): void {
  writeLineHeadings(sheet, headings)
  for (const line of lines) {
    const height = sheet.heightOf(line.description, COLUMNS.description.width, BOLD)
    if (sheet.makeRoom(height + 28)) writeLineHeadings(sheet, headings)
    writeRow(sheet, line, BOLD, BODY)
    sheet.paragraph(belowLine(line), MARGIN, COLUMNS.description.width, SMALL)
    for (const row of line.detail) {
      if (sheet.makeRoom(sheet.heightOf(row.description, COLUMNS.description.width, SMALL)))
        writeLineHeadings(sheet, headings)
      writeRow(sheet, row, SMALL, SMALL)
    }
    sheet.y -= 5
    sheet.rule()
    sheet.y -= 7
  }
}

const belowLine = ({ period, note }: DocumentLine): string => (note === '' ? period : `${period}, ${note}`)

function writeLineHeadings(sheet: Sheet, headings: Row): void {
  writeRow(sheet, headings, SMALL, SMALL)
  sheet.y -= 3
  sheet.rule(1)
  sheet.y -= 7
}

function writeRow(sheet: Sheet, row: Row, first: TextStyle, others: TextStyle): void {
  for (const column of ['quantity', 'unitAmount', 'amount'] as const) {
    sheet.write(row[column], COLUMNS[column].x, COLUMNS[column].width, others, 'right')
  }
  sheet.paragraph(row.description, MARGIN, COLUMNS.description.width, first)
}

/** The totals, of which the last is what it comes to, and what the law wants said. */
export function writeTotals(sheet: Sheet, rows: readonly Labelled[], notes: readonly string[]): void {
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
