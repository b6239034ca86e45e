import { z } from '@hono/zod-openapi'
import { RECOGNITION_METHODS } from '../catalog/product.ts'
import { moneyOut, pageQuery, refField } from '../http/fields.http.ts'
import { formatMoney } from '../kernel/money.ts'
import type { ScheduleWithMonths } from './reports.store.ts'

const monthField = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, YYYY-MM')
  .openapi({ example: '2026-01' })

export const waterfallQuery = z.object({
  from: monthField.default('0000-01').openapi({ description: 'First month of recognition' }),
  to: monthField.default('9999-12').openapi({ description: 'Last month of recognition, included' }),
  entity_ref: refField.optional(),
})

const split = {
  recognised: moneyOut.openapi({ description: 'Posted to the journal' }),
  scheduled: moneyOut.openapi({ description: 'Planned, not yet posted' }),
}
const months = z.array(z.object({ month: z.string(), ...split }))

export const waterfallAnswer = z
  .object({
    rows: z.array(z.object({ currency: z.string(), booking_month: z.string(), ...split, months })),
    totals: z.array(z.object({ currency: z.string(), months })),
  })
  .openapi('RevenueWaterfall')

export const scheduleQuery = pageQuery
  .extend({
    contract_ref: refField.optional(),
    invoice: refField.optional().openapi({ description: 'Id or number of an invoice' }),
  })
  .refine((query) => query.contract_ref !== undefined || query.invoice !== undefined, {
    message: 'give contract_ref or invoice',
    path: ['contract_ref'],
  })

export const scheduleSchema = z
  .object({
    line_id: z.string(),
    invoice_ref: z.string().nullable().openapi({
      description:
        'Null for an obligation of a contract that is accounted for as a whole, and for what is accrued before its invoice.',
    }),
    invoice_number: z.string().nullable(),
    contract_ref: z.string(),
    product_ref: z.string(),
    method: z.enum(RECOGNITION_METHODS),
    currency: z.string(),
    amount: moneyOut,
    service_start: z.string(),
    service_end: z.string(),
    months,
  })
  .openapi('RevenueSchedule')

export const showSchedule = (row: ScheduleWithMonths): z.infer<typeof scheduleSchema> => ({
  line_id: row.lineId,
  invoice_ref: row.invoiceId,
  invoice_number: row.invoiceNumber,
  contract_ref: row.contractRef,
  product_ref: row.productRef,
  method: row.method,
  currency: row.currency,
  amount: formatMoney(row.amount, row.currency),
  service_start: row.serviceStart,
  service_end: row.serviceEnd,
  months: row.months.map((month) => ({
    month: month.month,
    recognised: formatMoney(month.recognised, row.currency),
    scheduled: formatMoney(month.scheduled, row.currency),
  })),
})
