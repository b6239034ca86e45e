import type { ContractTerms } from '../../contracts/contract.ts'
import { holdsFor } from '../../contracts/terms/discount-terms.ts'
import {
  compare,
  divide,
  isNegative,
  multiply,
  negate,
  type Rational,
  subtract,
  ZERO,
} from '../../kernel/rational.ts'
import type { PaidLine, PaidPart } from './paid-part.ts'

/**
 * The lines that a credit of so many seats at one price gives back, with the part of each. It is one, that which was
 * billed first, unless other percents were off some of them: what was added last then goes first, so that each seat comes
 * back less the percents that were off it.
 *
 * @example 5 seats at 20 % off, later 3 more at the full price; 4 are credited: the 3 in full and 1 at 20 % off
 */
export function creditShares(terms: ContractTerms, paid: PaidPart, quantity: Rational): PaidLine[] {
  const left = outstanding(paid.lines)
  const byPercents = Map.groupBy(left, ({ line }) => percentsOff(terms, line))
  if (byPercents.size <= 1) {
    return [{ line: paid.line, quantity, amount: multiply(paid.amount, divide(quantity, paid.quantity)) }]
  }
  return split(left, quantity).taken
}

/** What is left of lines, with those that gave credit taken off the others. */
function outstanding(lines: readonly PaidLine[]): PaidLine[] {
  let left: PaidLine[] = []
  for (const one of lines) {
    if (isNegative(one.quantity)) left = split(left, negate(one.quantity)).left
    else left.push(one)
  }
  return left
}

/** Takes a quantity off lines, the newest first. */
function split(lines: readonly PaidLine[], quantity: Rational): { taken: PaidLine[]; left: PaidLine[] } {
  let open = quantity
  const taken: PaidLine[] = []
  const left: PaidLine[] = []
  for (const one of lines.toReversed()) {
    const part = compare(open, one.quantity) < 0 ? open : one.quantity
    open = subtract(open, part)
    if (compare(part, ZERO) > 0) taken.push(partOfLine(one, part))
    if (compare(part, one.quantity) < 0) left.unshift(partOfLine(one, subtract(one.quantity, part)))
  }
  return { taken, left }
}

const partOfLine = ({ line, quantity, amount }: PaidLine, part: Rational): PaidLine => ({
  line,
  quantity: part,
  amount: multiply(amount, divide(part, quantity)),
})

/** Which of the contract's percents were off a line, as text. */
const percentsOff = (
  terms: ContractTerms,
  { serviceStart: day, serviceCycleNo: cycleNo }: PaidLine['line'],
): string =>
  (terms.discounts ?? [])
    .map((discount) => discount.type === 'percent' && holdsFor(terms, discount, { day, cycleNo }))
    .join()
