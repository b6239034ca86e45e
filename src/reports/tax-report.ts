import { allocate, type Minor, parseMoney, sum } from '../kernel/money.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'
import { type Measured, type Tabulated, tabulate } from './tabulate.ts'

export const TAX_WORDS = ['entity_ref', 'tax_name', 'percent', 'reason'] as const
export const TAX_FIGURES = ['taxable', 'tax'] as const

type Word = (typeof TAX_WORDS)[number]
type Figure = (typeof TAX_FIGURES)[number]

/** What documents of the span say of one tax, minor units; what takes back is negative. */
export type DocumentedTax = {
  entityRef: string
  currency: string
  name: string
  percent: string
  reason: string | null
  taxable: Minor
  tax: Minor
}

/**
 * Tax that was posted without a document: relief on a bad debt, a discount for paying early. The ledger knows the invoice
 * and the sum; the invoice says which taxes it bears, amounts in major units.
 */
export type AdjustedTax = {
  entityRef: string
  currency: string
  tax: Minor
  taxes: readonly { name: string; percent: string; reason: string | null; taxable: string; tax: string }[]
}

/**
 * The taxes of a span by seller, name and percent: what they are on, and what is owed. Taxes of nothing (reverse charge,
 * exempt) are listed as well, for a tax return asks for their base. The sum of `tax` is what tax payable has moved by.
 *
 * @example 100.00 at 19 % of which 2.00 + 0.38 were a discount for paying early: 98.00 and 18.62
 */
export function taxReportOf(
  documented: readonly DocumentedTax[],
  adjusted: readonly AdjustedTax[],
): Tabulated<Word, Figure> {
  const lines = [...documented, ...adjusted.flatMap(byTax)]
  const grouped = Map.groupBy(lines, ({ entityRef, currency, name, percent, reason }) =>
    JSON.stringify([entityRef, name, percent, reason ?? '', currency]),
  )
  return tabulate(
    [...grouped].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, same]) => measured(same)),
    TAX_FIGURES,
  )
}

/** An adjustment falls on the taxes of its invoice in proportion, and their bases with them. */
export function byTax({ taxes, tax: adjusted, ...of }: AdjustedTax): DocumentedTax[] {
  const bearing = taxes
    .map((tax) => ({ ...tax, due: minorOf(tax.tax, of.currency), on: minorOf(tax.taxable, of.currency) }))
    .filter(({ due }) => due > 0n)
  const shares = allocate(
    adjusted,
    bearing.map(({ due }) => due),
  )
  return bearing.map(({ name, percent, reason, due, on }, place) => {
    const tax = shares[place] ?? 0n
    return { ...of, name, percent, reason, tax, taxable: roundToInteger(rational(on * tax, due)) }
  })
}

function measured(same: readonly DocumentedTax[]): Measured<Word, Figure> {
  const { entityRef, currency, name, percent, reason } = same[0]!
  return {
    currency,
    words: { entity_ref: entityRef, tax_name: name, percent, reason: reason ?? '' },
    figures: {
      taxable: sum(same.map(({ taxable }) => taxable)),
      tax: sum(same.map(({ tax }) => tax)),
    },
  }
}

const minorOf = (text: string, currency: string): Minor => parseMoney(text, currency) ?? 0n
