import type { TaxRounding } from '../../contracts/terms/tax-terms.ts'
import { currencyDigits, isCurrency } from '../../kernel/currency.ts'
import { type Minor, parseMoney, toMinor } from '../../kernel/money.ts'
import { type IsRead, isAllRead } from '../../kernel/partly.ts'
import { assert, type Fault } from '../../kernel/problem.ts'
import { decimal, divide, type Rational, rational } from '../../kernel/rational.ts'
import type { AssemblyInput } from './assembly.ts'
import type { Discount } from './assembly-discount.ts'

type NamedLine = { key?: string | undefined; amount: string; tax?: string | string[] | undefined }
type NamedDiscount = { type: 'percent' | 'fixed'; value: string; lines?: string[] | undefined }

/** An invoice to be assembled as someone writes it: decimal strings, and lines and taxes by name. */
export type AssemblyDraft = {
  currency: string
  lines: NamedLine[]
  taxes: Record<string, { rate_percent: string; inclusive: boolean }>
  tax_rounding: TaxRounding
  rounding: 'half_up' | 'half_even'
  discounts: NamedDiscount[]
  credits: { amount: string; before_tax: boolean }[]
}

/** The name of a line: its own, or its place. */
export const keyOf = ({ key }: NamedLine, place: number): string => key ?? String(place + 1)

/** Everything that does not fit together, so that all can be mended at once; of what was not read nothing is said. */
export const faultsOfAssembly = (draft: AssemblyDraft, isRead: IsRead = isAllRead): Fault[] => [
  ...faultsOfKeys(draft, isRead),
  ...(isRead('taxes') ? draft.lines : []).flatMap((line, place) =>
    isRead(`lines.${place}.tax`) ? faultsOfTaxes(draft, line, `lines.${place}.tax`) : [],
  ),
  ...(draft.lines.every((_, place) => isRead(`lines.${place}.key`)) ? faultsOfDiscountedLines(draft) : []),
  ...(isRead('currency') ? faultsOfFineAmounts(draft) : []),
]

/** The draft in the terms of the core: prices are rounded here, once for each line. */
export function readAssembly(draft: AssemblyDraft): AssemblyInput {
  const { currency, rounding } = draft
  return {
    lines: draft.lines.map((line, place) => ({
      key: keyOf(line, place),
      amount: toMinor(decimal(line.amount), currency, rounding),
      taxes: taxesOf(draft, line),
    })),
    taxes: Object.entries(draft.taxes).map(([key, { rate_percent, inclusive }]) => ({
      key,
      rate: hundredth(rate_percent),
      inclusive,
    })),
    taxRounding: draft.tax_rounding,
    discounts: draft.discounts.map((discount) => readDiscount(discount, currency)),
    credits: draft.credits.map(({ amount, before_tax: beforeTax }) => ({
      amount: minorOf(amount, currency),
      beforeTax,
    })),
    rounding,
  }
}

const readDiscount = ({ type, value, lines }: NamedDiscount, currency: string): Discount => ({
  lines: lines === undefined ? null : new Set(lines),
  ...(type === 'percent' ? { type, part: hundredth(value) } : { type, amount: minorOf(value, currency) }),
})

/** A line that names no tax bears the one there is. */
function taxesOf({ taxes }: AssemblyDraft, { tax }: NamedLine): string[] {
  if (tax === undefined) return Object.keys(taxes)
  return typeof tax === 'string' ? [tax] : tax
}

function faultsOfKeys({ lines }: AssemblyDraft, isRead: IsRead): Fault[] {
  const first = new Map<string, number>()
  return lines.flatMap((line, place) => {
    if (!isRead(`lines.${place}.key`)) return []
    const earlier = first.get(keyOf(line, place))
    if (earlier !== undefined) {
      return [{ path: `lines.${place}.key`, message: `is the key of lines.${earlier} too` }]
    }
    first.set(keyOf(line, place), place)
    return []
  })
}

function faultsOfTaxes(draft: AssemblyDraft, line: NamedLine, path: string): Fault[] {
  if (line.tax === undefined && Object.keys(draft.taxes).length > 1) {
    return [{ path, message: 'must name one of the taxes, since there are several' }]
  }
  const keys = taxesOf(draft, line)
  const unknown = keys.filter((key) => !Object.hasOwn(draft.taxes, key))
  if (unknown.length > 0) return [{ path, message: `there is no "${unknown[0]}" in taxes` }]
  if (new Set(keys).size < keys.length) return [{ path, message: 'names a tax twice' }]
  return keys.filter((key) => draft.taxes[key]!.inclusive).length > 1
    ? [{ path, message: 'a price can include one tax only' }]
    : []
}

function faultsOfDiscountedLines({ lines, discounts }: AssemblyDraft): Fault[] {
  const keys = new Set(lines.map(keyOf))
  return discounts.flatMap((discount, place) => {
    const unknown = discount.lines?.find((key) => !keys.has(key))
    return unknown === undefined
      ? []
      : [{ path: `discounts.${place}.lines`, message: `there is no line "${unknown}"` }]
  })
}

/** What is taken off is money already, and not a price that is still to be rounded. */
function faultsOfFineAmounts({ currency, discounts, credits }: AssemblyDraft): Fault[] {
  const amounts = [
    ...discounts.flatMap(({ type, value }, place) =>
      type === 'fixed' ? [{ path: `discounts.${place}.value`, text: value }] : [],
    ),
    ...credits.map(({ amount }, place) => ({ path: `credits.${place}.amount`, text: amount })),
  ]
  if (!isCurrency(currency)) return []
  const message = `must have at most ${currencyDigits(currency)} decimals, as ${currency} has`
  return amounts.flatMap(({ path, text }) =>
    parseMoney(text, currency) === undefined ? [{ path, message }] : [],
  )
}

function minorOf(text: string, currency: string): Minor {
  const amount = parseMoney(text, currency)
  assert(amount !== undefined, `${text} is a whole number of the smallest unit of ${currency}`)
  return amount
}

const hundredth = (percent: string): Rational => divide(decimal(percent), rational(100n))
