import { z } from '@hono/zod-openapi'
import type { ZoneTerms } from '../contracts/periods/zone.ts'
import { currencyField, dateField, instantOut, moneyOut } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'
import { allocationSchema, showAllocation } from './allocation.http.ts'
import { showLineUsage, usageEventsField } from './charges/line-usage.http.ts'
import { earlyDiscount } from './early-payment.ts'
import { INVOICE_STATES, type Invoice, invoiceState } from './invoice.ts'
import { invoiceLineSchema, showInvoiceLine, taxFields } from './invoice-line.http.ts'
import type { InvoiceSummary } from './invoicing.store.ts'
import { type Allocation, settledAmount, settlementOf } from './settlement.ts'

export const invoiceStates = INVOICE_STATES

const fields = {
  accounting_event_type: z.literal('INVOICE'),
  customer_ref: z.string(),
  contract_ref: z.string(),
  entity_ref: z.string(),
  issue_date: dateField,
  due_date: dateField,
  period_start: dateField,
  period_end: dateField.openapi({ description: 'Exclusive.' }),
  currency: currencyField,
  net_terms: z.int(),
  early_payment: z
    .object({ percent: z.string(), until: dateField, discount: moneyOut })
    .nullable()
    .openapi({ description: 'What a payment of the whole by that day may be short by.' }),
  sub_total: moneyOut.openapi({ description: 'The lines as priced.' }),
  total_discount: moneyOut.openapi({ description: 'Discounts, and credits before tax.' }),
  total_tax: moneyOut,
  total: moneyOut,
  credits_amount: moneyOut.openapi({ description: 'Credits after tax that were used at issue.' }),
  amount_due: moneyOut,
  payment_methods: z.array(z.string()),
  po_number: z.string().nullable(),
  contract_number: z.string(),
}

export const invoiceSummarySchema = z
  .object({
    invoice_ref: z.string(),
    document_number: z.string(),
    state: z.enum(invoiceStates),
    ...fields,
    created_at: instantOut,
    payment_reference: z.string(),
    hosted_url: z.string().nullable(),
    pdf_url: z.string(),
  })
  .openapi('InvoiceSummary')

const bodyFields = {
  customer: z.object({ name: z.string(), email: z.string().nullable(), tax_id: z.string().nullable() }),
  entity: z.object({ name: z.string(), email: z.string().nullable(), tax_id: z.string().nullable() }),
  lines: z.array(invoiceLineSchema),
  taxes: z.array(z.object({ ...taxFields, taxable: moneyOut, tax: moneyOut })),
  discounts: z.array(z.object({ name: z.string(), percent: z.string().nullable(), amount: moneyOut })),
  credits_used: z.array(
    z.object({ ref: z.string(), name: z.string(), amount: moneyOut, before_tax: z.boolean() }),
  ),
}

export const invoiceSchema = invoiceSummarySchema
  .extend({
    ...bodyFields,
    lines: z.array(invoiceLineSchema.extend({ usage_events: usageEventsField })),
    allocations: z.array(allocationSchema),
  })
  .openapi('Invoice')

/** An invoice that is not issued has no number, and nobody can pay it yet. */
export const draftSchema = z
  .object({ state: z.literal('DRAFT'), ...fields, ...bodyFields })
  .openapi('DraftInvoice')

type InvoiceUrls = { hosted: string | null; pdf: string }

export const showInvoiceSummary = (
  invoice: Omit<InvoiceSummary, 'lines'>,
  urls: InvoiceUrls,
): z.infer<typeof invoiceSummarySchema> => ({
  invoice_ref: invoice.id,
  document_number: invoice.number,
  state: invoiceState(invoice.total, invoice.settlement),
  ...showFields(invoice, invoice.allocated),
  created_at: toIso(invoice.issuedAt),
  payment_reference: invoice.paymentReference,
  hosted_url: urls.hosted,
  pdf_url: urls.pdf,
})

export const showInvoice = (
  invoice: Invoice,
  allocations: readonly Allocation[],
  { urls, terms }: { urls: InvoiceUrls; terms: ZoneTerms },
): z.infer<typeof invoiceSchema> => ({
  ...showInvoiceSummary({ ...invoice, ...settledBy(allocations) }, urls),
  ...showBody(invoice),
  lines: invoice.lines.map((line) => ({
    ...showInvoiceLine(line, invoice.currency),
    usage_events: showLineUsage(invoice, line, terms),
  })),
  allocations: allocations.map((allocation) => showAllocation(allocation, invoice.currency)),
})

function settledBy(allocations: readonly Allocation[]) {
  const settlement = settlementOf(allocations)
  return { settlement, allocated: settledAmount(settlement) }
}

export const showDraft = (invoice: Invoice): z.infer<typeof draftSchema> => ({
  state: 'DRAFT',
  ...showFields(invoice, invoice.creditsAmount),
  ...showBody(invoice),
})

const showFields = (invoice: Omit<Invoice, 'lines'>, allocated: Minor) => ({
  accounting_event_type: 'INVOICE' as const,
  customer_ref: invoice.customerRef,
  contract_ref: invoice.contractRef,
  entity_ref: invoice.entityRef,
  issue_date: invoice.issueDate,
  due_date: invoice.dueDate,
  period_start: invoice.periodStart,
  period_end: invoice.periodEnd,
  currency: invoice.currency,
  net_terms: invoice.netTerms,
  early_payment: showEarlyPayment(invoice),
  sub_total: formatMoney(invoice.subTotal, invoice.currency),
  total_discount: formatMoney(invoice.totalDiscount, invoice.currency),
  total_tax: formatMoney(invoice.totalTax, invoice.currency),
  total: formatMoney(invoice.total, invoice.currency),
  credits_amount: formatMoney(invoice.creditsAmount, invoice.currency),
  amount_due: formatMoney(invoice.total - allocated, invoice.currency),
  payment_methods: invoice.paymentMethods,
  po_number: invoice.parties.po_number,
  contract_number: invoice.parties.contract_number,
})

const showEarlyPayment = ({
  earlyPayment,
  total,
  currency,
}: Pick<Invoice, 'earlyPayment' | 'total' | 'currency'>) =>
  earlyPayment
    ? { ...earlyPayment, discount: formatMoney(earlyDiscount(total, earlyPayment), currency) }
    : null

const showBody = ({ parties, lines, taxes, discounts, creditsUsed, currency }: Invoice) => ({
  customer: partyOf(parties.buyer),
  entity: partyOf(parties.seller),
  lines: lines.map((line) => showInvoiceLine(line, currency)),
  taxes,
  discounts,
  credits_used: creditsUsed,
})

const partyOf = ({ name, email, tax_id }: { name: string; email: string | null; tax_id: string | null }) => ({
  name,
  email,
  tax_id,
})
