import { z } from '@hono/zod-openapi'
import { dateField } from '../../http/fields.http.ts'
import { isLocalDate } from '../../kernel/calendar.ts'
import { ALIGNMENTS, CYCLE_UNITS, PRORATIONS } from '../contract.ts'
import { LAST_DATE } from '../periods/schedule.ts'

const CYCLE_LENGTH_MAX = 120

/** A date that billing can count from. */
export const billingDateField = dateField.refine(
  (date) => !isLocalDate(date) || date <= LAST_DATE,
  `must be ${LAST_DATE} or earlier`,
)

export const alignmentField = z.enum(ALIGNMENTS).optional().openapi({
  description:
    'Without an `anchor_date`: `anniversary` (default) counts cycles from the start; `calendar` begins them on Monday, the 1st, the first month of the quarter or half-year, or 1 January, after a first stub.',
})

export const prorationField = z.enum(PRORATIONS).default('day').openapi({
  description: 'Measures the part of a cycle that a fee is due for in local days, or in elapsed seconds.',
})

/** An anchor says where cycles begin, and so does an alignment. */
export const anchoredOnce = (terms: { anchor_date?: unknown; alignment?: unknown }): boolean =>
  terms.anchor_date === undefined || terms.alignment === undefined

export const ANCHORED_TWICE = { path: ['alignment'], message: 'send anchor_date or alignment, not both' }

export const billingCycleSchema = z.strictObject({
  unit: z.enum(CYCLE_UNITS),
  cycle: z.int().min(1).max(CYCLE_LENGTH_MAX).default(1),
})
