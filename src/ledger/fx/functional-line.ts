import type { LocalDate } from '../../kernel/calendar.ts'
import { fromMinor, type Minor, sum, toMinor } from '../../kernel/money.ts'
import { multiply, type RoundingMode } from '../../kernel/rational.ts'
import type { AccountRole } from '../account.ts'
import type { Book, Dimensions } from '../journal-entry.ts'
import type { AppliedRate } from './rate.ts'

type PostedLine = { account: AccountRole; amount: Minor; lineNo: number } & {
  [Name in keyof Dimensions]?: string | null
}

/** A posted entry in a currency that its books are not measured in. */
export type ForeignEntry = {
  id: string
  event: string
  sourceId: string
  book: Book
  entityRef: string
  postingDate: LocalDate
  belongsTo: LocalDate | null
  currency: string
  reverses: string | null
  postings: readonly PostedLine[]
}

/** The day that an entry belongs to, also where a closed month has moved it. */
export const dayOf = ({
  belongsTo,
  postingDate,
}: Pick<ForeignEntry, 'belongsTo' | 'postingDate'>): LocalDate => belongsTo ?? postingDate

/** A line in the functional currency, minor units, debit positive; `amount` is in the currency of the entry. */
export type FunctionalLine = {
  lineNo: number
  account: AccountRole
  item: string | null
  /** Under which day the line moves its item; null where it moves none, or only shows it elsewhere. */
  day: LocalDate | null
  amount: Minor
  functionalAmount: Minor
  customerRef: string | null
  contractRef: string | null
  invoiceId: string | null
}

/** What amounts are measured in, and how they are rounded. */
export type FunctionalCurrency = { functionalCurrency: string; rounding: RoundingMode }

/** An amount of another currency at a rate, minor units of the functional currency, rounded once. */
export const converted = (
  amount: Minor,
  currency: string,
  { rate }: AppliedRate,
  { functionalCurrency, rounding }: FunctionalCurrency,
): Minor => toMinor(multiply(fromMinor(amount, currency), rate), functionalCurrency, rounding)

/** An exchange gain (credit, negative) or loss: it moves the functional currency alone. */
export const fxLine = (
  lineNo: number,
  functionalAmount: Minor,
  customerRef: string | null,
): FunctionalLine => ({
  lineNo,
  account: 'fx_gain_loss',
  item: null,
  day: null,
  amount: 0n,
  functionalAmount,
  customerRef,
  contractRef: null,
  invoiceId: null,
})

/** What is left of the lines of an entry, as one more line: they balance with it. */
export function exchangeDifference(lines: readonly FunctionalLine[]): FunctionalLine[] {
  const difference = sum(lines.map(({ functionalAmount }) => functionalAmount))
  const last = lines.at(-1)
  return difference === 0n || !last ? [] : [fxLine(last.lineNo + 1, -difference, last.customerRef)]
}

/** The value of each amount as the rise of the value of the running total: together they are that of the total. */
export function cumulated(amounts: readonly Minor[], worthOf: (total: Minor) => Minor): Minor[] {
  let total = 0n
  let before = 0n
  return amounts.map((amount) => {
    total += amount
    const value = worthOf(total)
    const rise = value - before
    before = value
    return rise
  })
}
