import { apportion } from '../../kernel/apportion.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { type Rational, type RoundingMode, rational, reduce, roundToInteger } from '../../kernel/rational.ts'

/** Takes something off the lines it names, or off the invoice where `lines` is null. */
export type Discount = {
  lines: ReadonlySet<string> | null
  /** One of the whole invoice that holds for the named lines only still comes after those of lines. */
  level?: 'invoice' | undefined
} & ({ type: 'percent'; part: Rational } | { type: 'fixed'; amount: Minor })

/** What discounts leave of each line, and what each of them takes, in the order given. */
export type Discounted = { left: LineAmounts; taken: Minor[] }

/** What is left of each line, in minor units and exact: `parts[i] / whole`. */
export type LineAmounts = { parts: readonly bigint[]; whole: bigint }

/** Of each line, in their order, whether a discount is off it. */
type Scope = readonly boolean[]

type PricedLine = { key: string; amount: Minor }

/**
 * Takes discounts off lines: those of named lines before those of the whole invoice, and on each of the two levels
 * percents before fixed amounts, each in the order given and off what is left. Every discount is rounded once and goes
 * down to zero at most. One of named lines is split over them by largest remainder; those of the invoice are shared
 * exactly, so that the tax of a line follows its exact share.
 *
 * @example 100.00 less 10 % and 50.00 is 40.00, in whichever order the two are given
 */
export function takeDiscounts(
  lines: readonly PricedLine[],
  discounts: readonly Discount[],
  rounding: RoundingMode,
): Discounted {
  const ordered = [...discounts.entries()].sort(([, a], [, b]) => rankOf(a) - rankOf(b))
  const taken = discounts.map(() => 0n)
  const shared = sharedScope(lines, discounts)
  let left = lines.map((line) => line.amount)
  let off = 0n
  for (const [place, discount] of ordered) {
    const before = sum(left) - off
    if (shared && isOffInvoice(discount)) off += offTotal(sumOf(left, shared) - off, discount, rounding)
    else {
      const parts = offLines(left, scopeOf(discount, lines), discount, rounding)
      left = left.map((amount, at) => amount - parts[at]!)
    }
    taken[place] = before - (sum(left) - off)
  }
  return { left: spreadOver({ parts: left, whole: 1n }, off, shared), taken }
}

/** Spreads an amount over lines, by default all, pro rata and exact. */
export function spreadOver({ parts, whole }: LineAmounts, off: Minor, scope?: Scope): LineAmounts {
  if (off === 0n) return { parts, whole }
  const total = sumOf(parts, scope)
  const kept = reduce(rational(total - off * whole, total))
  return {
    parts: parts.map((part, place) => part * (scope?.[place] === false ? kept.den : kept.num)),
    whole: whole * kept.den,
  }
}

/**
 * The lines that all discounts of the invoice are off, where these are the same: then one fraction of them is kept.
 * Undefined where they differ, and where a percent is off corrections too: the rounding of a small total, shared by large
 * lines that nearly cancel each other, would be another percent of each. What is left is then known to the minor unit.
 */
function sharedScope(lines: readonly PricedLine[], discounts: readonly Discount[]): Scope | undefined {
  const ofInvoice = discounts.filter(isOffInvoice)
  const [scope, ...others] = ofInvoice.map((discount) => scopeOf(discount, lines))
  if (!scope || others.some((other) => other.some((isIn, place) => isIn !== scope[place]))) return undefined
  const hasPercent = ofInvoice.some(({ type }) => type === 'percent')
  return hasPercent && lines.some(({ amount }, place) => scope[place] && amount < 0n) ? undefined : scope
}

const scopeOf = ({ lines: named }: Discount, lines: readonly PricedLine[]): Scope =>
  lines.map(({ key }) => named?.has(key) !== false)

const sumOf = (amounts: readonly bigint[], scope?: Scope): bigint =>
  sum(amounts.filter((_, place) => scope?.[place] !== false))

const isOffInvoice = ({ lines, level }: Discount): boolean => lines === null || level === 'invoice'

/** Named lines before the invoice, and percents before fixed amounts. */
const rankOf = (discount: Discount): number =>
  (isOffInvoice(discount) ? 2 : 0) + (discount.type === 'fixed' ? 1 : 0)

/** At most the total, and nothing off nothing or less. */
function offTotal(total: Minor, discount: Discount, rounding: RoundingMode): Minor {
  if (total <= 0n) return 0n
  const wanted = discount.type === 'fixed' ? discount.amount : partOf(total, discount.part, rounding)
  return wanted < total ? wanted : total
}

/** A percent of a correction gives less back, as less was paid; a fixed amount takes nothing off it. */
function offLines(left: readonly Minor[], scope: Scope, discount: Discount, rounding: RoundingMode): Minor[] {
  const amounts = left.map((amount, place) => (scope[place] ? amount : 0n))
  const total = sum(amounts)
  const none = amounts.map(() => 0n)
  if (discount.lines === null && total <= 0n) return none
  if (discount.type === 'percent') {
    const { part } = discount
    return apportion(
      partOf(total, part, rounding),
      amounts.map((amount) => rational(amount * part.num, part.den)),
    )
  }
  const off = offTotal(total, discount, rounding)
  return off === 0n
    ? none
    : apportion(
        off,
        amounts.map((amount) => rational(off * amount, total)),
      )
}

const partOf = (amount: Minor, { num, den }: Rational, rounding: RoundingMode): Minor =>
  roundToInteger(rational(amount * num, den), rounding)
