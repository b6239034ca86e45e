import { lastBoundary } from '../../contracts/periods/schedule.ts'
import { type CommitmentWindow, windowOfCycle } from '../../contracts/terms/commitment.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { formatMoney, fromMinor, type Minor, sum, toMinor } from '../../kernel/money.ts'
import { decimal, multiply, subtract } from '../../kernel/rational.ts'
import { chargeWindows } from '../../rating/commitment.ts'
import type { InvoiceLine } from '../invoice.ts'
import type { Charge, ChargeBasis } from './charge.ts'

/** What issued lines have billed for one cycle: fees that count towards a commitment, and lines of the commitment. */
export type BilledCycle = {
  cycleNo: number
  fees: Minor
  trueUp: Minor
  /** The fees by product. */
  byProduct?: Record<string, Minor> | undefined
  /** Those that the true-up bore; what corrects it bears them too. */
  taxes?: AgreedTax[] | undefined
}

type BilledLine = Pick<InvoiceLine, 'kind' | 'productRef' | 'serviceCycleNo' | 'amount' | 'sellsCredit'> & {
  taxes?: AgreedTax[] | undefined
}

/**
 * Usage and recurring fees are what a commitment is about; one-time fees come on top, and credit counts when usage uses it.
 */
const counts = ({ kind, sellsCredit }: BilledLine): boolean =>
  kind !== 'one_time' && kind !== 'true_up' && !sellsCredit

/** Billed cycles with further lines. */
export function withLines(billed: readonly BilledCycle[], lines: readonly BilledLine[]): BilledCycle[] {
  const cycles = new Map(billed.map((one) => [one.cycleNo, { ...one }]))
  for (const line of lines) {
    const { serviceCycleNo: cycleNo, productRef, amount } = line
    const cycle = cycles.get(cycleNo) ?? { cycleNo, fees: 0n, trueUp: 0n }
    if (line.kind === 'true_up') {
      cycle.trueUp += amount
      cycle.taxes ??= line.taxes
    } else if (counts(line)) {
      cycle.fees += amount
      cycle.byProduct = { ...cycle.byProduct, [productRef]: (cycle.byProduct?.[productRef] ?? 0n) + amount }
    }
    cycles.set(cycleNo, cycle)
  }
  return [...cycles.values()]
}

/**
 * What commitments add at a boundary, before discounts and tax: for each period that is over, what its fees leave of the
 * amount, or what they cost more above it, less what was billed of that before. So late usage lowers a true-up that
 * stands on an earlier invoice.
 *
 * @example 1,000 committed for the cycle, fees of 640.50: 359.50
 */
export function trueUpCharges(
  basis: ChargeBasis,
  boundary: number,
  charges: readonly Charge[],
  billed: readonly BilledCycle[],
): Charge[] {
  const { terms } = basis
  if (!terms.commitments?.length || boundary < 1) return []
  const cycles = withLines(billed, charges)
  const numbers = [...new Set([...cycles.map(({ cycleNo }) => cycleNo), boundary])].sort((a, b) => a - b)
  const end = Math.min(boundary, lastBoundary(terms) ?? boundary)
  const windows = new Map<number, CommitmentWindow>()
  for (const n of numbers.filter((one) => one <= end)) {
    const window = windowOfCycle(terms, n)
    if (window && window.last <= boundary) windows.set(window.last, window)
  }
  return [...windows.values()].flatMap((window) => trueUpCharge(basis, window, cycles))
}

/** The fees of a cycle that a commitment is held against: of a committed quantity those of its product alone. */
export const feesTowards = (
  { quantity, product_ref: ref }: CommitmentWindow['commitment'],
  { fees, byProduct = {} }: BilledCycle,
): Minor => (quantity === undefined ? fees : (byProduct[ref ?? ''] ?? 0n))

/** What a commitment adds to the fees of its window: what they leave of it, or what they cost more above it. */
export function dueAbove(
  currency: string,
  rounding: ChargeBasis['rounding'],
  { commitment, factor }: Pick<CommitmentWindow, 'commitment' | 'factor'>,
  fees: Minor,
): Minor {
  const cost = fromMinor(fees, currency)
  const { charge } = chargeWindows([cost], {
    commitment: multiply(decimal(commitment.amount), factor),
    overageFactor: decimal(commitment.overage_factor),
    hasTrueUp: commitment.true_up,
  })
  return toMinor(subtract(charge, cost), currency, rounding)
}

function trueUpCharge(
  { terms, rounding }: ChargeBasis,
  window: CommitmentWindow,
  cycles: readonly BilledCycle[],
): Charge[] {
  const { commitment, first, last, factor } = window
  const within = cycles.filter(({ cycleNo }) => first <= cycleNo && cycleNo <= last)
  const fees = sum(within.map((cycle) => feesTowards(commitment, cycle)))
  const due = dueAbove(terms.currency, rounding, window, fees)
  const before = sum(within.map((cycle) => cycle.trueUp))
  const productRef = commitment.product_ref ?? terms.products[0]?.product_ref
  if (due === before || productRef === undefined) return []
  const money = (amount: Minor) => formatMoney(amount, terms.currency)
  const row = (description: string, amount: Minor) => ({
    description,
    quantity: '1',
    unit_amount: '',
    amount: money(amount),
  })
  const whole = toMinor(multiply(decimal(commitment.amount), factor), terms.currency, rounding)
  return [
    {
      kind: 'true_up',
      productRef,
      description: fees > whole ? 'Use above the commitment' : 'Minimum commitment',
      serviceStart: window.start,
      serviceEnd: window.end,
      serviceCycleNo: last,
      quantity: '1',
      unitAmount: null,
      amount: due - before,
      detail: [
        row(`Committed: ${money(whole)}; fees: ${money(fees)}`, due),
        ...(before === 0n ? [] : [row('Billed before', -before)]),
      ],
      usageByMonth: {},
      taxes: before === 0n ? undefined : within.find(({ taxes }) => taxes !== undefined)?.taxes,
    },
  ]
}
