import { addDays, addMonths, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { formatMoney, type Minor, toMinor } from '../kernel/money.ts'
import { multiply, rational, sum } from '../kernel/rational.ts'
import { monthlyFees, type Subscription } from './monthly-fee.ts'

export const MOVEMENTS = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const
type Movement = (typeof MOVEMENTS)[number]
type Moved = Record<Movement, Minor>

/** Decimal strings in major units; contraction and churn are negative, so that a row adds up. */
export type MrrRow = { currency: string; month: string } & Record<
  Movement | 'opening' | 'closing' | 'arr',
  string
>

/** What recurs in one currency: before the first month, what each month moved, and what it comes to in a year. */
type Book = { opening: Minor; months: Map<string, Moved>; annual: Map<string, Minor> }

const MONTHS_OF_YEAR = rational(12n)

type MonthEnd = { month: string; day: LocalDate }

/**
 * Monthly recurring revenue at the end of each month, and why it moved: opening + new + expansion + contraction + churn
 * + reactivation = closing. A customer is the unit, all its contracts together: whoever moves from one contract to
 * another has not churned. Each customer's amount is rounded once, half away from zero; sums are of rounded amounts. A
 * year is twelve of the exact months: 380,000 yen a quarter are 126,667 a month, and 1,520,000 a year.
 *
 * @param span first and last month, `YYYY-MM`, both included
 * @example 100 a month from March, 150 from May, ended in July: new 100, expansion 50, churn −150
 */
export function mrrOf(subscriptions: readonly Subscription[], span: { from: string; to: string }): MrrRow[] {
  const ends = monthEnds(firstMonth(subscriptions, span.from), span.to)
  const books = new Map<string, Book>()
  for (const group of Map.groupBy(subscriptions, (one) => `${one.currency} ${one.customerRef}`).values()) {
    const { currency } = group[0]!
    const book = books.get(currency) ?? { opening: 0n, months: new Map(), annual: new Map() }
    books.set(currency, book)
    follow(group, ends, span.from, book)
  }
  return [...books]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([currency, book]) => rowsOf(currency, book, span))
}

/** Writes what one customer's fees did into the book. */
function follow(group: readonly Subscription[], ends: readonly MonthEnd[], from: string, book: Book): void {
  const { currency } = group[0]!
  let before = 0n
  let everPaid = false
  for (const { month, day } of ends) {
    const exact = sum(group.map((one) => monthlyFees(one, day)))
    const after = toMinor(exact, currency)
    book.annual.set(
      month,
      (book.annual.get(month) ?? 0n) + toMinor(multiply(exact, MONTHS_OF_YEAR), currency),
    )
    if (month < from) book.opening += after - before
    else if (after !== before) monthIn(book, month)[movementOf(before, after, everPaid)] += after - before
    before = after
    everPaid ||= after > 0n
  }
}

function movementOf(before: Minor, after: Minor, everPaid: boolean): Movement {
  if (before === 0n) return everPaid ? 'reactivation' : 'new'
  if (after === 0n) return 'churn'
  return after > before ? 'expansion' : 'contraction'
}

function monthIn({ months }: Book, month: string): Moved {
  const moved = months.get(month) ?? unmoved()
  months.set(month, moved)
  return moved
}

const unmoved = (): Moved => ({ new: 0n, expansion: 0n, contraction: 0n, churn: 0n, reactivation: 0n })

function rowsOf(currency: string, book: Book, { from, to }: { from: string; to: string }): MrrRow[] {
  let opening = book.opening
  return monthEnds(from, to).map(({ month }) => {
    const moved = book.months.get(month) ?? unmoved()
    const closing = MOVEMENTS.reduce((total, name) => total + moved[name], opening)
    const figures = { opening, ...moved, closing, arr: book.annual.get(month) ?? 0n }
    opening = closing
    const shown = Object.entries(figures).map(([name, amount]) => [name, formatMoney(amount, currency)])
    return { currency, month, ...Object.fromEntries(shown) }
  })
}

/** A customer comes back only where it is known to have been there: so the count begins with the first contract. */
const firstMonth = (subscriptions: readonly Subscription[], from: string): string =>
  [from, ...subscriptions.map(({ terms }) => monthOf(terms.start_date))].sort()[0]!

function monthEnds(from: string, to: string): MonthEnd[] {
  const ends: MonthEnd[] = []
  for (let first = `${from}-01`; monthOf(first) <= to; first = addMonths(first, 1))
    ends.push({ month: monthOf(first), day: addDays(addMonths(first, 1), -1) })
  return ends
}
