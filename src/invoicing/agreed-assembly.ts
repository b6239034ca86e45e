import type { ContractTerms } from '../contracts/contract.ts'
import { type AgreedTax, taxesOf } from '../contracts/tax-terms.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { add, decimal, divide, formatDecimal, rational, ZERO } from '../kernel/rational.ts'
import { type Assembled, assemble } from './assembly.ts'
import type { Tax } from './assembly-tax.ts'
import type { Charge } from './charge.ts'
import type { CreditUse, Invoice, InvoiceLine, LineTax, TaxLine } from './invoice.ts'

/** Credit that an invoice may use; one before tax lowers what is taxed, as a discount does. */
export type CustomerCredit = { ref: string; name: string; amount: Minor; beforeTax: boolean }

/** What one invoice is put together from. */
export type AgreedAssembly = {
  terms: ContractTerms
  rounding: 'half_up' | 'half_even'
  /** In the order they are spent. */
  credits: readonly CustomerCredit[]
}

type Totals = Pick<
  Invoice,
  'subTotal' | 'totalDiscount' | 'totalTax' | 'total' | 'creditsAmount' | 'creditsUsed' | 'taxes'
>
type LineTotals = Pick<InvoiceLine, 'discount' | 'netAmount' | 'taxPercent' | 'taxes'>

const HUNDRED = rational(100n)

/** The totals of an invoice of these charges, and what each of its lines has of them, in the order of the charges. */
export function assembleCharges(
  agreed: AgreedAssembly,
  charges: readonly Charge[],
): { totals: Totals; lines: LineTotals[] } {
  const { terms, rounding, credits } = agreed
  const borne = charges.map(
    (charge) => charge.taxes ?? taxesOf(terms, charge.productRef, charge.serviceStart),
  )
  const taxes = new Map(borne.flat().map((tax) => [keyOf(tax), tax]))
  const assembled = assemble({
    lines: charges.map(({ amount }, place) => ({
      key: String(place),
      amount,
      taxes: borne[place]!.map(keyOf),
    })),
    taxes: [...taxes].map(([key, tax]) => coreTax(key, tax)),
    taxRounding: terms.tax_rounding ?? 'per_rate',
    discounts: [],
    credits,
    rounding,
  })
  return {
    totals: totalsOf(assembled, taxes, credits, terms.currency),
    lines: charges.map((_, place) => lineTotals(assembled, place, borne[place]!, terms.currency)),
  }
}

/** Equal taxes are one tax. */
const keyOf = ({ name, percent, inclusive, reason, note }: AgreedTax): string =>
  JSON.stringify([name, percent, inclusive, reason, note])

const coreTax = (key: string, { percent, inclusive }: AgreedTax): Tax => ({
  key,
  rate: divide(decimal(percent), HUNDRED),
  inclusive,
})

function totalsOf(
  assembled: Assembled,
  taxes: ReadonlyMap<string, AgreedTax>,
  credits: readonly CustomerCredit[],
  currency: string,
): Totals {
  const { subTotal, totalDiscount, totalTax, total, creditsAmount } = assembled
  const money = (amount: Minor) => formatMoney(amount, currency)
  return {
    subTotal,
    totalDiscount,
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

function lineTotals(
  { taxes, lineDiscounts, lineNets }: Assembled,
  place: number,
  borne: readonly AgreedTax[],
  currency: string,
): LineTotals {
  const shareOf = (tax: AgreedTax): LineTax => {
    const key = keyOf(tax)
    const total = taxes.find((one) => one.key === key)
    return { ...tax, tax: formatMoney(total?.lines[place] ?? 0n, currency) }
  }
  return {
    discount: lineDiscounts[place]!,
    netAmount: lineNets[place]!,
    taxPercent: formatDecimal(borne.reduce((all, { percent }) => add(all, decimal(percent)), ZERO)),
    taxes: borne.map(shareOf),
  }
}

/** What charges come to before discounts and taxes. */
export const sumOf = (charges: readonly Charge[]): Minor => sum(charges.map((charge) => charge.amount))
