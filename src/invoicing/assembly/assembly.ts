import type { TaxRounding } from '../../contracts/terms/tax-terms.ts'
import { apportion } from '../../kernel/apportion.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { type RoundingMode, rational } from '../../kernel/rational.ts'
import {
  type Discount,
  type Discounted,
  type LineAmounts,
  spreadOver,
  takeDiscounts,
} from './assembly-discount.ts'
import { type Tax, type TaxTotal, taxLines } from './assembly-tax.ts'

/** A priced line, rounded; a negative one corrects an earlier invoice. `taxes` are keys. */
type AssemblyLine = { key: string; amount: Minor; taxes: readonly string[] }

/** Credit of the customer; `beforeTax` lowers what is taxed, as a discount does. */
export type Credit = {
  amount: Minor
  beforeTax: boolean
  /** Of credit before tax, what is for each line; they add up to the amount. Without them it lowers all lines alike. */
  parts?: readonly Minor[] | undefined
}

export type AssemblyInput = {
  lines: readonly AssemblyLine[]
  taxes: readonly Tax[]
  taxRounding: TaxRounding
  discounts: readonly Discount[]
  /** In the order they are spent. */
  credits: readonly Credit[]
  rounding: RoundingMode
}

/** Amounts of an invoice in minor units; those of lines and credits in the order given. */
export type Assembled = {
  /** The lines as priced, with what tax the prices include. */
  subTotal: Minor
  /** Discounts and credits before tax. */
  totalDiscount: Minor
  /** What each discount took, in the order given. */
  discountsTaken: Minor[]
  /** `total − totalTax` */
  taxable: Minor
  totalTax: Minor
  total: Minor
  /** Credits after tax. */
  creditsAmount: Minor
  /** `total − creditsAmount` */
  amountDue: Minor
  taxes: TaxTotal[]
  lineDiscounts: Minor[]
  lineTaxes: Minor[]
  /** Of each line what is neither discount nor tax; they add up to `taxable`. */
  lineNets: Minor[]
  creditsUsed: Minor[]
}

/**
 * Puts an invoice together from priced lines: discounts of lines, then of the invoice; credits before tax; tax on what is
 * left; credits after tax, as far as the total goes. What a discount and a tax do to each line is shown by largest
 * remainder, so the columns add up to the totals.
 *
 * @example 100.00 at 8 % with 100.00 of credit after tax: tax 8.00, total 108.00, due 8.00
 */
export function assemble(input: AssemblyInput): Assembled {
  const { lines, credits, rounding } = input
  const discounted = takeDiscounts(lines, input.discounts, rounding)
  const { left, used } = takeCreditBeforeTax(lines, discounted, credits)
  const taxed = taxLines(lines, left, input.taxes, input.taxRounding, rounding)
  const subTotal = sum(lines.map((line) => line.amount))
  const totalDiscount = subTotal - wholeOf(left)
  const totalTax = sum(taxed.lineTaxes)
  const total = subTotal - totalDiscount + taxed.onTop
  const usedAfter = spend(
    credits.map(({ amount, beforeTax }) => (beforeTax ? 0n : amount)),
    total,
  )
  const creditsAmount = sum(usedAfter)
  const lineDiscounts = apportion(totalDiscount, takenFrom(lines, left))
  return {
    subTotal,
    totalDiscount,
    discountsTaken: discounted.taken,
    taxable: total - totalTax,
    totalTax,
    total,
    creditsAmount,
    amountDue: total - creditsAmount,
    taxes: taxed.taxes,
    lineDiscounts,
    lineTaxes: taxed.lineTaxes,
    lineNets: lines.map(({ amount }, place) => amount - lineDiscounts[place]! - taxed.lineIncluded[place]!),
    creditsUsed: used.map((before, place) => before + usedAfter[place]!),
  }
}

/** What credit before tax leaves of each line, and what is used of each credit. */
function takeCreditBeforeTax(
  lines: readonly AssemblyLine[],
  { left: discounted }: Discounted,
  credits: readonly Credit[],
): { left: LineAmounts; used: Minor[] } {
  const shared = spend(
    credits.map(({ amount, beforeTax, parts }) => (beforeTax && !parts ? amount : 0n)),
    wholeOf(discounted),
  )
  const spread = spreadOver(discounted, sum(shared))
  const byLine = credits.map(({ beforeTax, parts }) => (beforeTax ? parts : undefined))
  if (!byLine.some((parts) => parts)) return { left: spread, used: shared }
  // The parts were worked out on lines as they are shown: to the minor unit.
  const shown = apportion(sum(lines.map(({ amount }) => amount)) - wholeOf(spread), takenFrom(lines, spread))
  const parts = lines.map(
    ({ amount }, place) => amount - shown[place]! - sum(byLine.map((one) => one?.[place] ?? 0n)),
  )
  return { left: { parts, whole: 1n }, used: shared.map((used, place) => used + sum(byLine[place] ?? [])) }
}

/** All lines together are a whole number of minor units. */
const wholeOf = ({ parts, whole }: LineAmounts): Minor => sum(parts) / whole

/** What each credit gives to an amount, the first ones first. */
function spend(credits: readonly Minor[], amount: Minor): Minor[] {
  let open = amount > 0n ? amount : 0n
  return credits.map((credit) => {
    const used = credit < open ? credit : open
    open -= used
    return used
  })
}

const takenFrom = (lines: readonly AssemblyLine[], { parts, whole }: LineAmounts) =>
  lines.map(({ amount }, place) => rational(amount * whole - parts[place]!, whole))
