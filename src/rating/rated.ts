import { add, ONE, type Rational, sum, ZERO } from '../kernel/rational.ts'

/** What a model makes of a quantity: exact, in major units. Only an invoice line rounds. */
export type Rated = { amount: Rational; detail: LineDetailExact[] }

/** One row of the arithmetic; the amounts of all rows add up to the amount. */
export type LineDetailExact = {
  description: string
  quantity: Rational
  unitAmount: Rational
  amount: Rational
}

export const NOTHING: Rated = { amount: ZERO, detail: [] }

export const ratedOf = (detail: LineDetailExact[]): Rated => ({
  amount: sum(detail.map((row) => row.amount)),
  detail,
})

/** A row for an amount that is due once, or is taken off. */
export const amountRow = (description: string, amount: Rational): LineDetailExact => ({
  description,
  quantity: ONE,
  unitAmount: amount,
  amount,
})

/** Several ratings as one: rows that say the same at the same price become one row. */
export function combined(parts: readonly Rated[]): Rated {
  const [only] = parts
  if (only && parts.length === 1) return only
  const rows = new Map<string, LineDetailExact>()
  for (const row of parts.flatMap((part) => part.detail)) {
    const key = `${row.unitAmount.num}/${row.unitAmount.den} ${row.description}`
    const same = rows.get(key)
    rows.set(key, same ? together(same, row) : row)
  }
  return { amount: sum(parts.map((part) => part.amount)), detail: [...rows.values()] }
}

const together = (a: LineDetailExact, b: LineDetailExact): LineDetailExact => ({
  ...a,
  quantity: add(a.quantity, b.quantity),
  amount: add(a.amount, b.amount),
})

/** The same rows with each amount changed: a part of them, or their opposite. */
export const mapAmounts = ({ amount, detail }: Rated, change: (amount: Rational) => Rational): Rated => ({
  amount: change(amount),
  detail: detail.map((row) => ({ ...row, amount: change(row.amount) })),
})
