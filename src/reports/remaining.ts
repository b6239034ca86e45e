import { addMonths, type LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { earnedBy } from '../revenue/schedule.ts'
import { type Agreement, futureInvoices } from './fixed-fees.ts'

/** When what remains becomes revenue: within a year, in the year after it, or later still. Minor units. */
export type Bands = readonly [Minor, Minor, Minor]

export const NOTHING: Bands = [0n, 0n, 0n]
/** Fees further off are left out, so that a contract by the day until 2999 does not hold up everybody's figures. */
const YEARS_MAX = 30

/** Why it remains: billed and not recognised, agreed and not billed, committed beyond that, or estimated beyond that. */
const REMAINING_KINDS = ['billed', 'unbilled', 'minimum_commitments', 'estimated_usage'] as const
type RemainingKind = (typeof REMAINING_KINDS)[number]
export const REMAINING_BANDS = ['within_12_months', 'months_13_to_24', 'beyond'] as const
export const REMAINING = [...REMAINING_KINDS, ...REMAINING_BANDS, 'total'] as const
export type RemainingFigure = (typeof REMAINING)[number]

/** What remains of a contract. */
export type Remaining = {
  contractRef: string
  customerRef: string
  currency: string
  /** Nothing of the kinds that are not named. */
  bands: Partial<Record<RemainingKind, Bands>>
}

type Figures = Record<RemainingFigure, string>
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
 * The transaction price that is allocated to what is yet to be performed (ASC 606-10-50-13, IFRS 15.120), by why it
 * remains and by when it becomes revenue. Rows of nothing are left out.
 */
export function remainingOf(remaining: readonly Remaining[]): RemainingReport {
  const byCurrency = Map.groupBy(remaining, ({ currency }) => currency)
  return {
    rows: remaining
      .filter(({ bands }) => Object.values(bands).some((own) => own.some((amount) => amount !== 0n)))
      .map((row) => ({
        contract_ref: row.contractRef,
        customer_ref: row.customerRef,
        currency: row.currency,
        ...written([row], row.currency),
      })),
    totals: [...byCurrency.keys()]
      .sort()
      .map((currency) => ({ currency, ...written(byCurrency.get(currency)!, currency) })),
  }
}

const written = (rows: readonly Remaining[], currency: string): Figures =>
  Object.fromEntries(
    REMAINING.map((figure) => [figure, formatMoney(sum(rows.map((row) => figureOf(row, figure))), currency)]),
  ) as Figures

const BAND_NAMES: readonly RemainingFigure[] = REMAINING_BANDS

/** What of it counts for a figure: one kind in all bands, all kinds in one band, or everything. */
export function figureOf({ bands }: Pick<Remaining, 'bands'>, figure: RemainingFigure): Minor {
  const kind = REMAINING_KINDS.find((name) => name === figure)
  if (kind) return sum(bands[kind] ?? NOTHING)
  const all = addBands(Object.values(bands))
  return all[BAND_NAMES.indexOf(figure)] ?? sum(all)
}

/**
 * Fees of the agreed term whose service is still to come and whose invoice too. A contract without an end, or with notice,
 * can be left without penalty, so that nothing beyond what is billed is committed. Fees of `covered` products stay out: what
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
  const { end_date: end, termination_notice_days: notice } = contract.terms
  if (end === null || typeof notice === 'number') return NOTHING
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
      bands: Object.fromEntries(
        REMAINING_KINDS.map((kind) => [kind, addBands(own.map(({ bands }) => bands[kind] ?? NOTHING))]),
      ),
    }))

/** What remains of a plan, the billed part of it first: what was paid for is performed before what was not. */
export function splitByBilling(remaining: Bands, billed: Minor): Record<'billed' | 'unbilled', Bands> {
  let left = billed > 0n ? billed : 0n
  const paid = remaining.map((amount) => {
    const part = amount < left ? amount : left
    left -= part
    return part
  }) as [Minor, Minor, Minor]
  return { billed: paid, unbilled: subtractBands(remaining, paid) }
}

export const subtractBands = ([a, b, c]: Bands, [x, y, z]: Bands): Bands => [a - x, b - y, c - z]

export const addBands = (bands: readonly Bands[]): Bands =>
  bands.reduce<Bands>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], NOTHING)
