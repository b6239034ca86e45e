import { instantOf, type ZoneTerms } from '../../contracts/periods/zone.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { InvoiceLine } from '../invoice.ts'

/** Which events a line was made of: those of a product with a timestamp in a half-open span. */
export type LineUsage = { productRef: string; from: Instant; to: Instant }

/**
 * The events behind a line of usage, or behind a correction of one; undefined for a fee, which no event made. The days of
 * the line begin where those of the contract do.
 *
 * @example a line of January 2026 of a contract in Berlin: from 2025-12-31T23:00Z to 2026-01-31T23:00Z
 */
export function usageOfLine(
  { kind, productRef, serviceStart, serviceEnd }: InvoiceLine,
  terms: ZoneTerms,
): LineUsage | undefined {
  if (kind !== 'usage' && kind !== 'usage_adjustment') return undefined
  return { productRef, from: instantOf(terms, serviceStart), to: instantOf(terms, serviceEnd) }
}
