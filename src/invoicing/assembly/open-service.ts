import { allocate, type Minor } from '../../kernel/money.ts'
import type { InvoiceLine } from '../invoice.ts'

/** What is open of a line, by its place on the invoice, or of its usage of one month; minor units. */
export type OpenService = { place: number; month: string | null; open: Minor }

/**
 * What credit after tax pays one after the other: usage month by month, the oldest first, as if each month had an invoice
 * of its own, and then all else in the order of the lines. A line that gives back usage of some months is one piece.
 *
 * @example 120.00 of January and 240.00 of February on one line, and 300.00 of credit: 120.00 and 180.00
 */
export function openServices(
  lines: readonly InvoiceLine[],
  openOf: (line: InvoiceLine) => Minor,
): OpenService[] {
  const services = lines.flatMap((line, place) => byMonth(line, place, openOf(line)))
  return services.sort((a, b) => compareMonths(a.month, b.month))
}

/** Lines as they stand, each in one piece. */
export const wholeLines = (
  lines: readonly InvoiceLine[],
  openOf: (line: InvoiceLine) => Minor,
): OpenService[] => lines.map((line, place) => ({ place, month: null, open: openOf(line) }))

function byMonth({ usageByMonth }: InvoiceLine, place: number, open: Minor): OpenService[] {
  const months = Object.entries(usageByMonth).sort(([a], [b]) => compareMonths(a, b))
  const billed = months.map(([, part]) => BigInt(part))
  if (months.length === 0 || open <= 0n || billed.some((part) => part < 0n)) {
    return [{ place, month: null, open }]
  }
  const parts = allocate(open, billed)
  return months.map(([month], at) => ({ place, month, open: parts[at]! }))
}

/** What has no month comes last. */
const compareMonths = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1
