import type { LocalDate } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'

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

/** A tax of a contract, which may be on some products only. */
export type ContractTax = AgreedTax & {
  /** On products of these tax codes; without them on all. */
  tax_codes?: string[] | undefined
}

type TaxedProduct = {
  product_ref: string
  billing_start_date: LocalDate | null
  /** In place of the taxes of the contract. */
  taxes?: ContractTax[] | undefined
}

export type TaxTerms = {
  /** The short form: one tax on top of the prices. Percent, a decimal string. */
  tax_percent: string
  /** In place of the short form. */
  taxes?: ContractTax[] | undefined
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

/** What was asked for as tax; without it the short form of the given percentage. */
export const readTax = (
  asked: string | ContractTax[] | undefined,
  percent: string,
): Pick<TaxTerms, 'tax_percent' | 'taxes'> =>
  Array.isArray(asked) ? { tax_percent: '0', taxes: asked } : { tax_percent: asked ?? percent }

/** Answers the taxes on what is served of a product from a day on. */
export type TaxTable = (productRef: string, day: LocalDate, taxCode: string | null | undefined) => AgreedTax[]

/**
 * The taxes of terms, to be asked for line after line: those of the product, else those of the contract; of these the ones
 * that are on its tax code.
 */
export function taxTable(terms: TaxTerms): TaxTable {
  const agreed = Map.groupBy(terms.products, ({ product_ref }) => product_ref)
  const common: ContractTax[] = terms.taxes ?? [plainTax(terms.tax_percent)]
  return (productRef, day, taxCode) => {
    const own = agreed.get(productRef)?.filter(({ billing_start_date: start }) => (start ?? day) <= day)
    return (own?.at(-1)?.taxes ?? common)
      .filter(({ tax_codes: codes }) => !codes || (taxCode != null && codes.includes(taxCode)))
      .map(({ tax_codes: _, ...tax }) => tax)
  }
}

/** A price can contain one tax only, and a list names no tax twice. */
export const faultsOfTaxes = (taxes: readonly ContractTax[]): Fault[] =>
  taxes.flatMap((tax, place) => {
    const meets = (other: ContractTax) => sharesProducts(tax, other)
    const earlier = taxes.slice(0, place).filter(meets)
    const faults: Fault[] = []
    if (earlier.some(({ name }) => name === tax.name)) {
      faults.push({ path: `tax.${place}.name`, message: 'names another tax of the list too' })
    }
    if (tax.inclusive && earlier.some(({ inclusive }) => inclusive)) {
      faults.push({ path: `tax.${place}.inclusive`, message: 'a price can contain one tax only' })
    }
    return faults
  })

const sharesProducts = ({ tax_codes: ours }: ContractTax, { tax_codes: theirs }: ContractTax): boolean =>
  !ours || !theirs || ours.some((code) => theirs.includes(code))
