import type { TaxRounding } from '../../contracts/terms/tax-terms.ts'
import { apportion } from '../../kernel/apportion.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import {
  add,
  divide,
  multiply,
  ONE,
  type Rational,
  type RoundingMode,
  rational,
  roundToInteger,
  ZERO,
} from '../../kernel/rational.ts'
import type { LineAmounts } from './assembly-discount.ts'

/** A tax; `rate` 0.19 is 19 %. An inclusive one is within the price already. */
export type Tax = { key: string; rate: Rational; inclusive: boolean }

/** `lines` is what each line bears of it. */
export type TaxTotal = { key: string; taxable: Minor; tax: Minor; lines: Minor[] }

export type TaxedLines = {
  taxes: TaxTotal[]
  /** Of each line, all its taxes; they add up to the tax of the invoice. */
  lineTaxes: Minor[]
  /** Of them the part that the prices contain. */
  lineIncluded: Minor[]
  /** The part that comes on top of the prices. */
  onTop: Minor
}

/** The exact tax of one key in units of `1 / whole`, and of each line. */
type ExactTax = { tax: Tax; net: Rational; total: Rational; lines: Rational[] }

/**
 * The taxes on what is left of lines. Each is computed on the net amount and never on another tax; an inclusive price is
 * `net × (1 + rate)`, so that the gross does not move. By default one rounding for each tax, on the sum of its lines (EN
 * 16931, BR-CO-17). A line bears the taxes it names, of which at most one is inclusive.
 *
 * @example 3 × 3.33 at 19 %: 9.99 × 0.19 = 1.8981, so 1.90; rounded on every line it would be 3 × 0.63 = 1.89
 */
export function taxLines(
  lines: readonly { taxes: readonly string[] }[],
  amounts: LineAmounts,
  taxes: readonly Tax[],
  taxRounding: TaxRounding,
  rounding: RoundingMode,
): TaxedLines {
  const factors = netFactors(lines, taxes)
  const exact = taxes.map((tax) => exactTax(tax, lines, factors, amounts))
  const ofLines = roundedTaxes(exact, amounts.whole, taxRounding, rounding)
  const totals = ofLines.map((parts) => sum(parts))
  const included = ofLines.filter((_, place) => taxes[place]!.inclusive)
  return {
    taxes: exact.map((one, place) => ({
      key: one.tax.key,
      taxable: taxableOf(one, totals[place]!, amounts.whole, rounding),
      tax: totals[place]!,
      lines: ofLines[place]!,
    })),
    lineTaxes: lines.map((_, place) => sum(ofLines.map((parts) => parts[place]!))),
    lineIncluded: lines.map((_, place) => sum(included.map((parts) => parts[place]!))),
    onTop: sum(totals.filter((_, place) => !taxes[place]!.inclusive)),
  }
}

/** Of each line, the net part of its price: 1, or 1 / (1 + rate) where the price includes a tax. */
function netFactors(lines: readonly { taxes: readonly string[] }[], taxes: readonly Tax[]): Rational[] {
  const included = new Map(
    taxes.filter((tax) => tax.inclusive).map(({ key, rate }) => [key, divide(ONE, add(ONE, rate))]),
  )
  return lines.map((line) => {
    const key = line.taxes.find((one) => included.has(one))
    return key === undefined ? ONE : included.get(key)!
  })
}

function exactTax(
  tax: Tax,
  lines: readonly { taxes: readonly string[] }[],
  factors: readonly Rational[],
  { parts, whole }: LineAmounts,
): ExactTax {
  const byFactor = new Map<Rational, bigint>()
  const exact = lines.map((line, place) => {
    if (!line.taxes.includes(tax.key)) return ZERO
    const factor = factors[place]!
    byFactor.set(factor, (byFactor.get(factor) ?? 0n) + parts[place]!)
    return over(whole, rational(parts[place]! * factor.num * tax.rate.num, factor.den * tax.rate.den))
  })
  const net = [...byFactor].reduce(
    (total, [factor, part]) => add(total, multiply(rational(part), factor)),
    ZERO,
  )
  return { tax, net, total: multiply(net, tax.rate), lines: exact }
}

function roundedTaxes(
  exact: readonly ExactTax[],
  whole: bigint,
  taxRounding: TaxRounding,
  rounding: RoundingMode,
): Minor[][] {
  const round = (total: Rational): Minor => roundToInteger(over(whole, total), rounding)
  switch (taxRounding) {
    case 'per_line':
      return exact.map(({ lines }) => lines.map((amount) => roundToInteger(amount, rounding)))
    case 'per_rate':
      return exact.map(({ total, lines }) => apportion(round(total), lines))
    case 'per_invoice': {
      const all = round(exact.reduce((total, one) => add(total, one.total), ZERO))
      const totals = apportion(
        all,
        exact.map(({ total }) => over(whole, total)),
      )
      return exact.map(({ lines }, place) => apportion(totals[place]!, lines))
    }
  }
}

/** The net that a tax was computed on; of an inclusive price what its rounded tax leaves. */
function taxableOf(
  { tax, net, total }: ExactTax,
  rounded: Minor,
  whole: bigint,
  rounding: RoundingMode,
): Minor {
  if (!tax.inclusive) return roundToInteger(over(whole, net), rounding)
  return roundToInteger(over(whole, add(net, total)), rounding) - rounded
}

const over = (whole: bigint, { num, den }: Rational): Rational => rational(num, den * whole)
