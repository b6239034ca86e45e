import { addMonths, type LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { earnedBy } from '../revenue/schedule.ts'
import { type Agreement, futureInvoices } from './fixed-fees.ts'

/** When what remains becomes revenue: within a year, in the year after it, or later still. Minor units. */
export type Bands = readonly [Minor, Minor, Minor]

const NONE: Bands = [0n, 0n, 0n]
/** Fees further off are left out, so that a contract by the day until 2999 does not hold up everybody's figures. */
const YEARS_MAX = 30

/** What remains of a contract: billed and not recognised, or agreed and not billed. */
export type Remaining = {
  contractRef: string
  customerRef: string
  currency: string
  billed: Bands
  unbilled: Bands
}

type Figures = Record<
  'billed' | 'unbilled' | 'within_12_months' | 'months_13_to_24' | 'beyond' | 'total',
  string
>
export type RemainingReport = {
  rows: ({ contract_ref: string; customer_ref: string; currency: string } & Figures)[]
  totals: ({ currency: string } & Figures)[]
}

/** The last days of the first two bands. */
export const bandEnds = (asOf: LocalDate): readonly [LocalDate, LocalDate] => [
  addMonths(asOf, 12),
  addMonths(asOf, 24),
]

/**
 * The transaction price that is allocated to what is yet to be performed (ASC 606-10-50-13, IFRS 15.120) as far as it is
 * fixed: usage is billed as it is given, and stays out (606-10-50-14 b, IFRS 15.121 b). Rows of nothing are left out.
 */
export function remainingOf(remaining: readonly Remaining[]): RemainingReport {
  const byCurrency = Map.groupBy(remaining, ({ currency }) => currency)
  return {
    rows: remaining
      .filter(({ billed, unbilled }) => [...billed, ...unbilled].some((amount) => amount !== 0n))
      .map((row) => ({
        contract_ref: row.contractRef,
        customer_ref: row.customerRef,
        currency: row.currency,
        ...figuresOf([row], row.currency),
      })),
    totals: [...byCurrency.keys()]
      .sort()
      .map((currency) => ({ currency, ...figuresOf(byCurrency.get(currency)!, currency) })),
  }
}

function figuresOf(rows: readonly Remaining[], currency: string): Figures {
  const billed = addBands(rows.map((row) => row.billed))
  const unbilled = addBands(rows.map((row) => row.unbilled))
  const [within, next, beyond] = addBands([billed, unbilled])
  const money = (...amounts: Minor[]) => formatMoney(sum(amounts), currency)
  return {
    billed: money(...billed),
    unbilled: money(...unbilled),
    within_12_months: money(within),
    months_13_to_24: money(next),
    beyond: money(beyond),
    total: money(within, next, beyond),
  }
}

/**
 * Fees of the agreed term whose service is still to come and whose invoice too. A contract without an end can be left at
 * the end of any cycle, so that nothing beyond what is billed is committed. Fees of `covered` products stay out: what
 * remains of those is in the plan of their contract.
 *
 * @example 100 a month in advance for a year, at the end of March: nine months, 900
 */
export function unbilledRemaining(
  agreement: Agreement,
  asOf: LocalDate,
  covered: ReadonlySet<string> = new Set(),
): Bands {
  const { contract, products } = agreement
  if (contract.terms.end_date === null) return NONE
  const until = addMonths(asOf, 12 * YEARS_MAX)
  const bands: Bands[] = []
  for (const { charges } of futureInvoices(agreement, { after: asOf, until }))
    for (const charge of charges.filter(({ productRef }) => !covered.has(productRef))) {
      const earned = (day: LocalDate) => earnedBy(charge, products.get(charge.productRef)!.recognition, day)
      const [now, year, years] = [asOf, ...bandEnds(asOf)].map(earned) as [Minor, Minor, Minor]
      bands.push([year - now, years - year, charge.amount - years])
    }
  return addBands(bands)
}

/**
 * Contracts that are accounted for as one (ASC 606-10-25-9, IFRS 15.17) as one row, under the first of them.
 *
 * @param combined by contract, the first of those that it is one with; contracts that stand alone are not among them
 */
export const remainingAsOne = (
  rows: readonly Remaining[],
  combined: ReadonlyMap<string, string>,
): Remaining[] =>
  [...Map.groupBy(rows, ({ contractRef }) => combined.get(contractRef) ?? contractRef)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([contractRef, own]) => ({
      ...own[0]!,
      contractRef,
      billed: addBands(own.map(({ billed }) => billed)),
      unbilled: addBands(own.map(({ unbilled }) => unbilled)),
    }))

/** What remains of a plan, the billed part of it first: what was paid for is performed before what was not. */
export function splitByBilling(remaining: Bands, billed: Minor): Pick<Remaining, 'billed' | 'unbilled'> {
  let left = billed > 0n ? billed : 0n
  const paid = remaining.map((amount) => {
    const part = amount < left ? amount : left
    left -= part
    return part
  }) as [Minor, Minor, Minor]
  return { billed: paid, unbilled: subtractBands(remaining, paid) }
}

const subtractBands = ([a, b, c]: Bands, [x, y, z]: Bands): Bands => [a - x, b - y, c - z]

export const addBands = (bands: readonly Bands[]): Bands =>
  bands.reduce<Bands>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], NONE)
