import { z } from '@hono/zod-openapi'
import { isLocalDate, isTimeZone } from '../kernel/calendar.ts'
import { isCurrency } from '../kernel/currency.ts'
import { parseDecimal } from '../kernel/rational.ts'

const NO_CONTROLS = /^\P{Cc}*$/u
const NO_CONTROLS_SAID = 'must not contain control characters'

/** The caller's own name for a thing: 1 to 128 characters, none of them a control character. */
export const refField = z.string().min(1).max(128).regex(NO_CONTROLS, NO_CONTROLS_SAID)

/** A name for people, on one line: it stands in the subject of mails. */
export const nameField = z.string().trim().min(1).max(200).regex(NO_CONTROLS, NO_CONTROLS_SAID)

export const currencyField = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 code such as USD')
  .openapi({ example: 'USD' })

export const timezoneField = z
  .string()
  .refine(isTimeZone, 'must be an IANA zone such as Europe/Berlin')
  .openapi({ example: 'America/New_York' })

export const dateField = z
  .string()
  .refine(isLocalDate, 'must be a real date, YYYY-MM-DD')
  .openapi({ format: 'date', example: '2026-01-31' })

/**
 * A decimal of any precision, as text or as a JSON number (read by its shortest decimal form). Out comes text. What is no
 * decimal aborts, so that no later check of the same object has to expect it.
 */
export const decimalField = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => parseDecimal(text) !== undefined, {
    error: 'must be a decimal number of at most 60 characters',
    abort: true,
  })
  .openapi({ type: 'string', example: '12.50' })

export const nonNegativeDecimalField = decimalField.refine(
  (text) => !text.startsWith('-'),
  'must not be negative',
)

/** Money going out: major units with all digits of the currency, for example `1050.00`. */
export const moneyOut = z.string().openapi({ example: '1050.00' })

export const instantOut = z.string().openapi({ format: 'date-time', example: '2026-01-31T09:00:00.000Z' })

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() })
