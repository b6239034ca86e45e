import { currencyDigits } from '../../kernel/currency.ts'
import { type Minor, parseMoney } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import { decimal, type Rational, rational } from '../../kernel/rational.ts'

/** Reads amounts of one currency from decimal text in major units. */
export type Amounts = {
  /** Whole minor units; refuses what is finer. */
  minor: (text: string, path: string) => Minor
  /** Exact minor units, which need not be whole: prices and estimates. */
  exact: (text: string) => Rational
}

export function amountsIn(currency: string): Amounts {
  const digits = currencyDigits(currency)
  return {
    minor: (text, path) => {
      const amount = parseMoney(text, currency)
      if (amount !== undefined) return amount
      const message = `must have at most ${digits} digits after the point, as ${currency} has`
      throw invalid('invalid_request', `${path} ${message}.`, [{ path, message }])
    },
    exact: (text) => {
      const { num, den } = decimal(text)
      return rational(num * 10n ** BigInt(digits), den)
    },
  }
}
