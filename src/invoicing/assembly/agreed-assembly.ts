import type { Contract } from '../../contracts/contract.ts'
import { type AgreedTax, taxTable } from '../../contracts/terms/tax-terms.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { add, decimal, divide, formatDecimal, rational, ZERO } from '../../kernel/rational.ts'
import type { Charge } from '../charges/charge.ts'
import type { CreditUse, Invoice, InvoiceLine, LineTax, TaxLine } from '../invoice.ts'
import { discountsOn, type HeldDiscount } from './agreed-discounts.ts'
import { type Assembled, assemble, type Credit } from './assembly.ts'
import type { Tax } from './assembly-tax.ts'

/** Credit that an invoice may use; one before tax lowers what is taxed, as a discount does. */
export type CustomerCredit = Credit & { ref: string; name: string }

/** What the charges of one invoice are put together by. */
export type AgreedBasis = {
  /** `nextCycle` is the boundary that the invoice is made at. */
  contract: Pick<Contract, 'terms' | 'nextCycle'>
  seller: { rounding: 'half_up' | 'half_even' }
  /** Their tax codes decide between the taxes of the contract. */
  products?: ReadonlyMap<string, { taxCode?: string | null | undefined }> | undefined
  /** What the customer's credit may pay of it, in the order that it is spent. */
  credits?: readonly CustomerCredit[] | undefined
}

type Totals = Pick<
  Invoice,
  | 'subTotal'
  | 'totalDiscount'
  | 'discounts'
  | 'totalTax'
  | 'total'
  | 'creditsAmount'
  | 'creditsUsed'
  | 'taxes'
>
type LineTotals = Pick<InvoiceLine, 'discount' | 'netAmount' | 'taxPercent' | 'taxes'>

/** A tax that a line bears, by what makes it one with those of other lines. */
type BorneTax = { key: string; tax: AgreedTax }

const HUNDRED = rational(100n)

/** The totals of an invoice of these charges, and what each of its lines has of them, in the order of the charges. */
export function assembleCharges(
  basis: AgreedBasis,
  charges: readonly Charge[],
): { totals: Totals; lines: LineTotals[] } {
  const { contract, seller, credits = [] } = basis
  const { currency, tax_rounding: taxRounding = 'per_rate' } = contract.terms
  const agreed = taxTable(contract.terms)
  const borne = charges.map(({ taxes, productRef, serviceStart }) =>
    (taxes ?? agreed(productRef, serviceStart, basis.products?.get(productRef)?.taxCode)).map(
      (tax): BorneTax => ({ key: keyOf(tax), tax }),
    ),
  )
  const taxes = new Map(borne.flat().map(({ key, tax }) => [key, tax]))
  const discounts = discountsOn(contract.terms, contract.nextCycle, charges)
  const assembled = assemble({
    lines: charges.map(({ amount }, place) => ({
      key: String(place),
      amount,
      taxes: borne[place]!.map(({ key }) => key),
    })),
    taxes: [...taxes].map(([key, tax]) => coreTax(key, tax)),
    taxRounding,
    discounts: discounts.map(({ core }) => core),
    credits,
    rounding: seller.rounding,
  })
  return {
    totals: totalsOf(assembled, { taxes, discounts, credits, currency }),
    lines: linesOf(assembled, borne, currency),
  }
}

/** True where discounts and corrections leave less than nothing of the charges: that is no invoice. */
export const isBelowZero = (basis: AgreedBasis, charges: readonly Charge[]): boolean =>
  charges.some(({ amount }) => amount < 0n) &&
  assembleCharges({ ...basis, credits: [] }, charges).totals.total < 0n

/** Equal taxes are one tax. */
const keyOf = ({ name, percent, inclusive, reason, note }: AgreedTax): string =>
  JSON.stringify([name, percent, inclusive, reason, note])

const coreTax = (key: string, { percent, inclusive }: AgreedTax): Tax => ({
  key,
  rate: divide(decimal(percent), HUNDRED),
  inclusive,
})

type Named = {
  taxes: ReadonlyMap<string, AgreedTax>
  discounts: readonly HeldDiscount[]
  credits: readonly CustomerCredit[]
  currency: string
}

function totalsOf(assembled: Assembled, { taxes, discounts, credits, currency }: Named): Totals {
  const { subTotal, totalDiscount, totalTax, total, creditsAmount } = assembled
  const money = (amount: Minor) => formatMoney(amount, currency)
  return {
    subTotal,
    totalDiscount,
    discounts: discounts.map(({ agreed: { name, type, value } }, place) => ({
      name,
      percent: type === 'percent' ? value : null,
      amount: money(assembled.discountsTaken[place]!),
    })),
    totalTax,
    total,
    creditsAmount,
    creditsUsed: credits.flatMap((credit, place) =>
      creditUse(credit, assembled.creditsUsed[place]!, currency),
    ),
    taxes: assembled.taxes.map(
      ({ key, taxable, tax }): TaxLine => ({ ...taxes.get(key)!, taxable: money(taxable), tax: money(tax) }),
    ),
  }
}

const creditUse = ({ ref, name, beforeTax }: CustomerCredit, used: Minor, currency: string): CreditUse[] =>
  used === 0n ? [] : [{ ref, name, amount: formatMoney(used, currency), before_tax: beforeTax }]

/** `borne` is, for each line, the taxes that it bears. */
function linesOf(
  { taxes, lineDiscounts, lineNets }: Assembled,
  borne: readonly (readonly BorneTax[])[],
  currency: string,
): LineTotals[] {
  const shares = new Map(taxes.map(({ key, lines }) => [key, lines]))
  return borne.map((ofLine, place) => ({
    discount: lineDiscounts[place]!,
    netAmount: lineNets[place]!,
    taxPercent: percentOf(ofLine.map(({ tax }) => tax)),
    taxes: ofLine.map(
      ({ key, tax }): LineTax => ({ ...tax, tax: formatMoney(shares.get(key)![place]!, currency) }),
    ),
  }))
}

function percentOf(taxes: readonly AgreedTax[]): string {
  const [first] = taxes
  if (first && taxes.length === 1) return first.percent
  return formatDecimal(taxes.reduce((all, { percent }) => add(all, decimal(percent)), ZERO))
}
