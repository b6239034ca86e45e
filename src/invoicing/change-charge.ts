import { partOf } from '../contracts/proration.ts'
import { type DatePeriod, fullCyclePeriod } from '../contracts/schedule.ts'
import type { AgreedTax } from '../contracts/tax-terms.ts'
import { formatMoney, type Minor, sum, toMinor } from '../kernel/money.ts'
import {
  add,
  compare,
  decimal,
  divide,
  formatDecimal,
  isZero,
  multiply,
  negate,
  type Rational,
  rational,
  roundToInteger,
  subtract,
  ZERO,
} from '../kernel/rational.ts'
import { rate } from '../rating/rate.ts'
import { ofQuantity } from '../rating/rated-usage.ts'
import type { Charge, ChargeBasis } from './charge.ts'
import { advanceStretches, type FeeStretch, feeLine, partInWords, priceKey } from './fee-charge.ts'
import type { InvoiceLine } from './invoice.ts'

/** An issued line of a fee that is billed in advance, or of a change of one. */
export type BilledFee = Pick<
  InvoiceLine,
  | 'productRef'
  | 'description'
  | 'serviceStart'
  | 'serviceEnd'
  | 'serviceCycleNo'
  | 'quantity'
  | 'unitAmount'
  | 'priceKey'
  | 'amount'
> & {
  taxes?: AgreedTax[] | undefined
  /** What credit notes took back of it, in minor units. */
  credited?: Minor | undefined
}

/** What was billed at one price for a part of a cycle: its seats, and their amount in minor units, unrounded. */
type PaidPart = { quantity: Rational; amount: Rational; line: BilledFee }

type Part = { basis: ChargeBasis; days: DatePeriod; cycleNo: number; creditable: Minor }

/**
 * What a cycle that was billed in advance owes after changes inside it: a credit line for what was billed and is not due
 * any more, and a charge line for what is due and was not billed, each for the days that are left and rounded once. The
 * terms say what is due and issued lines what was billed, so any chain of changes comes out right, at whatever time it is
 * looked at, and nothing is billed twice.
 *
 * - Another price: what was billed for the days left is credited, the new price charged.
 * - More seats at the same price: the added ones are charged alone; fewer are credited where the product says so.
 * - What the end of the contract cuts off is credited where the terms say so.
 *
 * Credits of a product never go beyond what was billed for it in the cycle, less what was credited.
 *
 * @example 10 to 20 on 15 March: −10 × 17/31 = −5.48 and 20 × 17/31 = 10.97
 */
export function changeCharges(basis: ChargeBasis, cycleNo: number, billed: readonly BilledFee[]): Charge[] {
  const due = advanceStretches(basis, cycleNo)
  const own = billed.filter((line) => line.serviceCycleNo === cycleNo)
  const refs = new Set([...due.map(({ product }) => product.ref), ...own.map(({ productRef }) => productRef)])
  return [...refs].flatMap((ref) =>
    productChanges(
      basis,
      cycleNo,
      due.filter(({ product }) => product.ref === ref),
      own.filter(({ productRef }) => productRef === ref),
    ),
  )
}

function productChanges(
  basis: ChargeBasis,
  cycleNo: number,
  due: readonly FeeStretch[],
  billed: readonly BilledFee[],
): Charge[] {
  const changes: Charge[] = []
  for (const days of partsOf([...due.map(({ service }) => service), ...billed.map(servicePeriod)])) {
    const credits = changes.filter(({ amount }) => amount < 0n)
    const creditable = sum([...billed.map(leftOf), ...credits.map(({ amount }) => amount)])
    const part = { basis, days, cycleNo, creditable }
    const stretch = due.find(({ service }) => covers(service, days))
    const paid = paidParts(
      basis,
      billed.filter((line) => covers(servicePeriod(line), days)),
      days,
    )
    changes.push(...partChanges(part, stretch, paid))
  }
  return changes
}

function partChanges(
  part: Part,
  stretch: FeeStretch | undefined,
  paid: ReadonlyMap<string, PaidPart>,
): Charge[] {
  const key = stretch && priceKey(stretch.agreed)
  const ended = [...paid].filter(([one, { quantity }]) => one !== key && compare(quantity, ZERO) > 0)
  const credits = isGivenBack(part) ? ended.flatMap(([, one]) => credit(part, one, one.quantity)) : []
  if (!stretch) return credits
  const same = paid.get(priceKey(stretch.agreed))
  const before = same?.quantity ?? ZERO
  const more = subtract(decimal(stretch.agreed.quantity), before)
  if (compare(more, ZERO) > 0) return [...credits, ...charge(part, stretch, before)]
  if (!same || isZero(more) || !stretch.agreed.credit_removals) return credits
  return [...credits, ...credit(part, same, negate(more))]
}

/** What lies after the contract's end is given back where that was agreed. */
const isGivenBack = ({ basis: { terms }, days }: Part): boolean =>
  terms.end_date === null || days.start < terms.end_date || terms.credits_unused === true

/** The given quantity of what was billed, with the taxes that it was billed with. */
function credit({ basis, days, cycleNo, creditable }: Part, paid: PaidPart, quantity: Rational): Charge[] {
  const { line } = paid
  const { terms, rounding } = basis
  const unused = roundToInteger(multiply(paid.amount, divide(quantity, paid.quantity)), rounding)
  const amount = -least(unused, creditable)
  if (amount >= 0n) return []
  const taken = formatDecimal(negate(quantity))
  const row = {
    description: `Billed before and not used${partInWords(partOf(terms, days, fullCyclePeriod(terms, cycleNo)))}`,
    quantity: taken,
    unit_amount: line.unitAmount ?? '',
    amount: formatMoney(amount, terms.currency),
  }
  return [
    {
      ...lineOf(basis, line.productRef, cycleNo, days, 'credit for unused days'),
      quantity: taken,
      unitAmount: line.unitAmount,
      priceKey: line.priceKey ?? null,
      amount,
      detail: [row],
      ...(line.taxes && { taxes: withoutAmounts(line.taxes) }),
    },
  ]
}

/** What the quantity costs above the part of it that was billed before. */
function charge({ basis, days, cycleNo }: Part, { agreed, product }: FeeStretch, before: Rational): Charge[] {
  const { terms, rounding } = basis
  const factor = partOf(terms, days, fullCyclePeriod(terms, cycleNo))
  const all = decimal(agreed.quantity)
  const added = { ...agreed, quantity: formatDecimal(subtract(all, before)) }
  const cost = (quantity: Rational) => rate(agreed, ofQuantity(quantity), { factor }).amount
  const line = feeLine(basis, added, factor)
  const amount = isZero(before)
    ? line.amount
    : toMinor(subtract(cost(all), cost(before)), terms.currency, rounding)
  const words = isZero(before) ? undefined : 'added'
  const detail = amount === line.amount ? line.detail : []
  return [
    {
      ...lineOf(basis, product.ref, cycleNo, days, words),
      ...line,
      priceKey: priceKey(agreed),
      amount,
      detail,
    },
  ]
}

const lineOf = (
  { products }: ChargeBasis,
  ref: string,
  cycleNo: number,
  days: DatePeriod,
  words?: string,
) => {
  const name = products.get(ref)?.name ?? ref
  return {
    kind: 'change' as const,
    productRef: ref,
    description: words === undefined ? name : `${name}: ${words}`,
    serviceStart: days.start,
    serviceEnd: days.end,
    serviceCycleNo: cycleNo,
    usageByMonth: {},
  }
}

/** What issued lines have billed for some days that each of them covers, by price. */
function paidParts(
  { terms }: ChargeBasis,
  lines: readonly BilledFee[],
  days: DatePeriod,
): Map<string, PaidPart> {
  const paid = new Map<string, PaidPart>()
  for (const line of lines) {
    const key = line.priceKey ?? ''
    const before = paid.get(key) ?? { quantity: ZERO, amount: ZERO, line }
    const share = multiply(rational(line.amount), partOf(terms, days, servicePeriod(line)))
    const quantity = add(before.quantity, decimal(line.quantity))
    paid.set(key, { quantity, amount: add(before.amount, share), line: before.line })
  }
  return paid
}

/** The days between any two dates on which one of the periods begins or ends. */
function partsOf(periods: readonly DatePeriod[]): DatePeriod[] {
  const dates = [...new Set(periods.flatMap(({ start, end }) => [start, end]))].sort()
  return dates.slice(1).map((end, place) => ({ start: dates[place]!, end }))
}

/** What was billed by a line and not credited since. */
const leftOf = ({ amount, credited = 0n }: BilledFee): Minor => amount - credited

const servicePeriod = ({ serviceStart: start, serviceEnd: end }: BilledFee): DatePeriod => ({ start, end })

const covers = (whole: DatePeriod, part: DatePeriod): boolean =>
  whole.start <= part.start && part.end <= whole.end

const least = (amount: Minor, most: Minor): Minor => {
  const limit = most > 0n ? most : 0n
  return amount < limit ? amount : limit
}

const withoutAmounts = (taxes: readonly AgreedTax[]): AgreedTax[] =>
  taxes.map(({ name, percent, inclusive, reason, note }) => ({ name, percent, inclusive, reason, note }))
