import { type Rational, ZERO } from '../kernel/rational.ts'

/** What a price makes of a quantity: exact, in major units. Only an invoice line rounds. */
export type Rated = { amount: Rational; detail: LineDetailExact[] }

/** One row of the arithmetic; the amounts of all rows add up to the amount. */
export type LineDetailExact = {
  description: string
  quantity: Rational
  unitAmount: Rational
  amount: Rational
}

export const NOTHING: Rated = { amount: ZERO, detail: [] }
