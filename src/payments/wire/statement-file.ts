import { readCamt } from './camt.ts'
import { isCsvStatement, readCsv } from './csv-statement.ts'
import type { StatementFile } from './statement.ts'
import { ENTRIES_MAX, unreadable } from './statement-value.ts'

/**
 * Reads a bank statement of any format that is known, found by its content.
 *
 * @throws Problem 422 for a file that is no statement, or has a fault: it says what and where, and nothing of the file
 * is used
 */
export function readStatementFile(bytes: Uint8Array): StatementFile {
  const file = readText(decode(bytes))
  const bookings = file.statements.flatMap((statement) => statement.bookings)
  const entries = bookings.reduce((sum, { parts }) => sum + parts.length, 0)
  if (entries > ENTRIES_MAX) {
    throw unreadable(
      'the file',
      `holds more than the ${ENTRIES_MAX} entries that one file may hold; split it`,
    )
  }
  return file
}

function readText(text: string): StatementFile {
  if (text.trim() === '') throw unreadable('the file', 'is empty')
  if (/^\s*</.test(text)) return readCamt(text)
  if (isCsvStatement(text)) return readCsv(text)
  throw unreadable(
    'the file',
    'is neither camt.052, camt.053 or camt.054 XML, nor CSV whose first line names the columns date, amount, currency',
  )
}

/** UTF-8; where the bytes are none, the Western European single-byte set that older bank programs write. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (isUtf16) throw unreadable('the file', 'is written in UTF-16; save it as UTF-8')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
