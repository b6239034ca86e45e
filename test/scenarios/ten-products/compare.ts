import { cents, plus } from '../../support/scenario.ts'
import type { Bill } from './invoices.ts'

type Line = Record<
  | 'product_ref'
  | 'kind'
  | 'quantity'
  | 'service_start'
  | 'service_end'
  | 'amount'
  | 'discount'
  | 'net_amount',
  string
>
type Tax = Record<'name' | 'taxable' | 'tax', string>
type Totals = Record<'sub_total' | 'total_discount' | 'total_tax' | 'total' | 'amount_due', string>

/** What is read of an invoice of the API. */
export type Shown = Totals & {
  document_number: string
  issue_date: string
  lines: Line[]
  taxes: Tax[]
}

/** An invoice as it is shown, in the words in which `expected` tells what was worked out. */
export const shown = ({ issue_date, lines, taxes, sub_total, total_discount, total }: Shown) => ({
  issued: issue_date,
  lines: lines.map((line) => [line.product_ref, line.kind, line.amount, line.discount].join(' ')).sort(),
  taxes: taxes.map((tax) => [tax.name, tax.taxable, tax.tax].join(' ')).sort(),
  sub_total,
  total_discount,
  total,
})

export const expected = (bill: Bill): ReturnType<typeof shown> => ({
  issued: bill.issued,
  lines: Object.entries(bill.lines)
    .flatMap(([kind, rows]) =>
      rows.map(([product, amount, , discount = '0.00']) => [product, kind, amount, discount].join(' ')),
    )
    .sort(),
  taxes: [
    ...(bill.city ? [`City tax ${bill.taxable?.[0]} ${bill.city[0]}`] : []),
    ...(bill.exempt ? [`Sales tax ${bill.exempt[0]} 0.00`] : []),
    ...(bill.state ? [`State tax ${bill.taxable?.[0]} ${bill.state[0]}`] : []),
  ],
  sub_total: bill.subTotal,
  total_discount: bill.discount ?? '0.00',
  total: bill.total[0],
})

/** Adds up amounts that come to nothing or more. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.map(cents).reduce(plus, 0n)
  return `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`
}
