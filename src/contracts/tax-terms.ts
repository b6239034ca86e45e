import type { LocalDate } from '../kernel/calendar.ts'

/** Why a tax of 0 % is named at all. */
export const TAX_REASONS = ['reverse_charge', 'exempt', 'zero_rated', 'out_of_scope'] as const
export type TaxReason = (typeof TAX_REASONS)[number]

/** Where tax is rounded: once for each tax, once for the invoice, or on every line. */
export const TAX_ROUNDINGS = ['per_rate', 'per_invoice', 'per_line'] as const
export type TaxRounding = (typeof TAX_ROUNDINGS)[number]

/** A tax as it was agreed. Taxes that are the same in every field are one tax on the invoice. */
export type AgreedTax = {
  /** As printed: `VAT`, `NY state tax`. */
  name: string
  /** A decimal string; 19 is 19 %. */
  percent: string
  /** The prices contain it. */
  inclusive: boolean
  reason: TaxReason | null
  /** What the law wants said on the invoice where nothing is charged. */
  note: string | null
}

type TaxedProduct = {
  product_ref: string
  billing_start_date: LocalDate | null
  /** In place of the taxes of the contract. */
  taxes?: AgreedTax[] | undefined
}

export type TaxTerms = {
  /** The short form: one tax on top of the prices. Percent, a decimal string. */
  tax_percent: string
  /** In place of the short form. */
  taxes?: AgreedTax[] | undefined
  products: TaxedProduct[]
}

/** The one tax that a bare percentage stands for. */
export const plainTax = (percent: string): AgreedTax => ({
  name: 'Tax',
  percent,
  inclusive: false,
  reason: null,
  note: null,
})

/** The taxes on what was served of a product from `day` on: its own ones, else those of the contract. */
export function taxesOf(terms: TaxTerms, productRef: string, day: LocalDate): AgreedTax[] {
  const agreed = terms.products
    .filter((one) => one.product_ref === productRef && (one.billing_start_date ?? day) <= day)
    .at(-1)
  return agreed?.taxes ?? terms.taxes ?? [plainTax(terms.tax_percent)]
}
