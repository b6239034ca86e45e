import type { Invoice, InvoiceLine } from '../../../src/invoicing/invoice.ts'
import type { Allocation } from '../../../src/invoicing/settlement.ts'
import { formatMoney, sum } from '../../../src/kernel/money.ts'

/** A line of an invoice in EUR; `tax` is in minor units. */
export const lineOf = (
  fields: Partial<InvoiceLine> & { id: string; netAmount: bigint; tax?: bigint },
): InvoiceLine => ({
  position: 1,
  kind: 'recurring',
  productRef: 'seats',
  description: 'Seats',
  serviceStart: '2026-01-01',
  serviceEnd: '2026-02-01',
  serviceCycleNo: 1,
  quantity: '1',
  unitAmount: null,
  amount: fields.netAmount,
  discount: 0n,
  taxPercent: '19',
  taxes: [
    {
      name: 'VAT',
      percent: '19',
      inclusive: false,
      reason: null,
      note: null,
      tax: formatMoney(fields.tax ?? 0n, 'EUR'),
    },
  ],
  detail: [],
  usageByMonth: {},
  ...fields,
})

/** An invoice of these lines, as far as corrections look at it. */
export function invoiceOf(lines: InvoiceLine[]): Invoice {
  const subTotal = sum(lines.map(({ netAmount }) => netAmount))
  const totalTax = sum(lines.map(({ taxes }) => BigInt(taxes[0]?.tax.replace('.', '') ?? 0)))
  const total = subTotal + totalTax
  return {
    id: 'inv_1',
    entityRef: 'seller',
    series: 'INV',
    number: 'INV000001',
    customerRef: 'globex',
    contractRef: 'contract',
    currency: 'EUR',
    issueDate: '2026-01-01',
    issuedAt: Date.UTC(2026, 0, 1),
    subTotal,
    totalTax,
    total,
    lines,
    taxes: [
      {
        name: 'VAT',
        percent: '19',
        inclusive: false,
        reason: null,
        note: null,
        taxable: formatMoney(subTotal, 'EUR'),
        tax: formatMoney(totalTax, 'EUR'),
      },
    ],
    parties: { buyer: { name: 'Globex' }, seller: { name: 'Seller' } },
  } as unknown as Invoice
}

/** What a payment settled of the invoice. */
export const paidBy = (paymentId: string, amount: bigint, fields: Partial<Allocation> = {}): Allocation => ({
  id: `alc_${paymentId}`,
  kind: 'payment',
  paymentId,
  grantId: null,
  creditNoteId: null,
  invoiceId: 'inv_1',
  amount,
  reverses: null,
  rule: 'strong_evidence',
  explanation: '',
  actor: 'matcher',
  createdAt: 0,
  ...fields,
})
