import type { CreditTerms } from '../../catalog/credit-terms.ts'
import type { ProductKind } from '../../catalog/product.ts'
import type { ContractTerms } from '../../contracts/contract.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { apportion } from '../../kernel/apportion.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { currencyDigits } from '../../kernel/currency.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import { formatDecimal, rational } from '../../kernel/rational.ts'
import type { LineDetailExact } from '../../rating/rated.ts'
import type { InvoiceLine, LineDetail } from '../invoice.ts'
import type { UsageTotal } from './usage-total.ts'

/** A line before its invoice is known. */
export type Charge = Omit<
  InvoiceLine,
  'id' | 'position' | 'discount' | 'netAmount' | 'taxPercent' | 'taxes'
> & {
  /** The taxes of the line that this one corrects; without them the terms say which it bears. */
  taxes?: AgreedTax[] | undefined
  /** Of a credit: the day and the cycle by which percents were off the line that billed it. */
  discountedAs?: { day: LocalDate; cycleNo: number } | undefined
}

/** What is printed of a product, and how it is billed. */
export type BilledProduct = {
  ref: string
  name: string
  kind: ProductKind
  taxCode?: string | null | undefined
  /** The prepaid credit that its fee buys. */
  grantsCredit?: CreditTerms | null | undefined
}

/** What is sold, and what was agreed for it. */
export type AgreedTerms = { terms: ContractTerms; products: ReadonlyMap<string, BilledProduct> }

/** What every charge of a contract is made with. */
export type ChargeBasis = AgreedTerms & {
  rounding: 'half_up' | 'half_even'
  /** Usage of the closed cycles as it is known now; only prices that accumulate look at it. */
  earlier?: readonly UsageTotal[] | undefined
}

/** What an amount of usage is priced with. */
export type PriceBasis = Omit<ChargeBasis, 'products'>

/** The prices agreed for products of one kind, past and present, in the order of the contract. */
export const agreedProducts = (basis: AgreedTerms, kind: ProductKind) =>
  basis.terms.products.flatMap((agreed) => {
    const product = basis.products.get(agreed.product_ref)
    assert(product, `contract names the unknown product ${agreed.product_ref}`)
    return product.kind === kind ? [{ agreed, product }] : []
  })

/** The rows behind a line: their exact amounts are rounded by largest remainder, so that they add up to the line. */
export function lineDetail(
  rows: readonly LineDetailExact[],
  lineAmount: Minor,
  currency: string,
): LineDetail[] {
  const scale = 10n ** BigInt(currencyDigits(currency))
  const parts = apportion(
    lineAmount,
    rows.map(({ amount }) => rational(amount.num * scale, amount.den)),
  )
  return rows.map((row, place) => ({
    description: row.description,
    quantity: formatDecimal(row.quantity),
    unit_amount: formatDecimal(row.unitAmount),
    amount: formatMoney(parts[place]!, currency),
  }))
}
