import { formatMoney, type Minor, sum } from '../kernel/money.ts'

/** Minor units of one booking month that fall into one recognition month. */
export type WaterfallSum = {
  currency: string
  /** Month of the invoice, `YYYY-MM`. */
  bookingMonth: string
  /** Month of recognition, `YYYY-MM`. */
  month: string
  /** Posted to the journal. */
  recognised: Minor
  /** Planned, not yet posted. */
  scheduled: Minor
}

type Cell = { month: string; recognised: string; scheduled: string }

/** A row for each booking month, a cell for each month its bookings become revenue in; decimal strings. */
export type Waterfall = {
  rows: { currency: string; booking_month: string; recognised: string; scheduled: string; months: Cell[] }[]
  totals: { currency: string; months: Cell[] }[]
}

/**
 * Lays out the revenue waterfall. Rows and columns add up: the totals of a currency are the revenue of each month,
 * whenever it was billed.
 */
export const waterfallOf = (sums: readonly WaterfallSum[]): Waterfall => ({
  rows: grouped(sums, ({ currency, bookingMonth }) => `${currency} ${bookingMonth}`).map((row) => {
    const { month: _, ...total } = cellOf(row)
    return {
      currency: row[0].currency,
      booking_month: row[0].bookingMonth,
      ...total,
      months: cellsOf(row),
    }
  }),
  totals: grouped(sums, ({ currency }) => currency).map((all) => ({
    currency: all[0].currency,
    months: cellsOf(all),
  })),
})

type NonEmpty<T> = [T, ...T[]]

const cellsOf = (sums: readonly WaterfallSum[]): Cell[] => grouped(sums, ({ month }) => month).map(cellOf)

function cellOf(sums: NonEmpty<WaterfallSum>): Cell {
  const [{ month, currency }] = sums
  const total = (of: 'recognised' | 'scheduled') => formatMoney(sum(sums.map((row) => row[of])), currency)
  return { month, recognised: total('recognised'), scheduled: total('scheduled') }
}

/** Groups by a key, in the order of the keys. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): NonEmpty<T>[] {
  const groups = new Map<string, NonEmpty<T>>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}
