import { z } from '@hono/zod-openapi'
import type { ZoneTerms } from '../../contracts/periods/zone.ts'
import { instantOut } from '../../http/fields.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { usageOfLine } from './line-usage.ts'

export const usageEventsField = z
  .object({
    customer_ref: z.string(),
    product_ref: z.string(),
    from: instantOut,
    to: instantOut,
    url: z.string().openapi({ description: 'The call that lists them' }),
  })
  .nullable()
  .openapi({ description: 'The raw events behind the line; null for a fee' })

export function showLineUsage(
  { customerRef }: Invoice,
  line: InvoiceLine,
  terms: ZoneTerms,
): z.infer<typeof usageEventsField> {
  const usage = usageOfLine(line, terms)
  if (!usage) return null
  const asked = {
    customer_ref: customerRef,
    product_ref: usage.productRef,
    from: toIso(usage.from),
    to: toIso(usage.to),
  }
  return { ...asked, url: `/api/usage/events?${new URLSearchParams(asked)}` }
}
