import { z } from '@hono/zod-openapi'
import { TAX_REASONS } from '../contracts/terms/tax-terms.ts'
import { dateField, moneyOut } from '../http/fields.http.ts'
import { formatMoney } from '../kernel/money.ts'
import { type InvoiceLine, LINE_KINDS } from './invoice.ts'

export const taxFields = {
  name: z.string(),
  percent: z.string(),
  inclusive: z.boolean(),
  reason: z.enum(TAX_REASONS).nullable(),
  note: z.string().nullable(),
}

export const invoiceLineSchema = z.object({
  line_ref: z.string(),
  kind: z.enum(LINE_KINDS),
  product_ref: z.string(),
  description: z.string(),
  service_start: dateField,
  service_end: dateField.openapi({ description: 'Exclusive.' }),
  quantity: z.string(),
  unit_amount: z.string().nullable(),
  amount: moneyOut.openapi({ description: 'As priced.' }),
  discount: moneyOut.openapi({ description: 'Its share of discounts and of credits before tax.' }),
  net_amount: moneyOut.openapi({ description: '`amount - discount`, without included tax.' }),
  tax_percent: z.string().openapi({ description: 'All its rates added up.' }),
  taxes: z.array(z.object({ ...taxFields, tax: moneyOut })),
  sells_credit: moneyOut.nullable().openapi({ description: 'The prepaid credit that it sells.' }),
  detail: z.array(
    z.object({ description: z.string(), quantity: z.string(), unit_amount: z.string(), amount: moneyOut }),
  ),
})

export const showInvoiceLine = (line: InvoiceLine, currency: string) => ({
  line_ref: line.id,
  kind: line.kind,
  product_ref: line.productRef,
  description: line.description,
  service_start: line.serviceStart,
  service_end: line.serviceEnd,
  quantity: line.quantity,
  unit_amount: line.unitAmount,
  amount: formatMoney(line.amount, currency),
  discount: formatMoney(line.discount, currency),
  net_amount: formatMoney(line.netAmount, currency),
  tax_percent: line.taxPercent,
  taxes: line.taxes,
  sells_credit: line.sellsCredit ? formatMoney(BigInt(line.sellsCredit.amount), currency) : null,
  detail: line.detail,
})
