import { formatMoney, type Minor, parseMoney, sum } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { Invoice, TaxLine } from '../invoice.ts'
import type { Allocation } from '../settlement.ts'
import { type LineReversal, taxesOfReversals } from './line-reversal.ts'

/** What is open of an invoice, and what credit notes have left of its total, minor units. */
export type Unpaid = { open: Minor; owed: Minor }

/**
 * The taxes on what nobody pays of an invoice: of what credit notes have left of each tax, the part that is open of what
 * they have left of the total. Each is rounded to minor units, so that where nothing was paid all of it is given back.
 *
 * @example 100.00 at 19 % and 100.00 at 7 %, of which the first is credited: of the 107.00 that are open, 7.00
 */
export function taxesUnpaid(
  { taxes, currency }: Pick<Invoice, 'taxes' | 'currency'>,
  reversals: readonly LineReversal[],
  { open, owed }: Unpaid,
): TaxLine[] {
  const credited = new Map(taxesOfReversals(reversals, currency).map((tax) => [nameOf(tax), tax]))
  return taxes.map((tax) => {
    const back = credited.get(nameOf(tax))
    const unpaid = (field: 'taxable' | 'tax'): string => {
      const left = minorOf(tax[field], currency) - (back ? minorOf(back[field], currency) : 0n)
      return formatMoney(roundToInteger(rational(left * open, owed)), currency)
    }
    return { ...tax, taxable: unpaid('taxable'), tax: unpaid('tax') }
  })
}

/** What a write-off gives up, and the tax that it gets back. */
export const lossOf = (
  { amount, taxes }: Pick<Allocation, 'amount' | 'taxes'>,
  currency: string,
): { total: Minor; totalTax: Minor } => ({
  total: amount,
  totalTax: sum((taxes ?? []).map(({ tax }) => minorOf(tax, currency))),
})

/** The tax on a part of a total. */
export const taxWithin = ({ total, totalTax }: { total: Minor; totalTax: Minor }, amount: Minor): Minor =>
  total === 0n ? 0n : roundToInteger(rational(totalTax * amount, total))

const nameOf = ({ name, percent, inclusive, reason }: TaxLine): string =>
  JSON.stringify([name, percent, inclusive, reason])

const minorOf = (text: string, currency: string): Minor => parseMoney(text, currency) ?? 0n
