import { lastBoundary } from '../../contracts/periods/schedule.ts'
import { type CommitmentWindow, windowOfCycle } from '../../contracts/terms/commitment.ts'
import { formatMoney, fromMinor, type Minor, sum, toMinor } from '../../kernel/money.ts'
import { subtract } from '../../kernel/rational.ts'
import { chargeWindows } from '../../rating/commitment.ts'
import { type BilledCycle, type BilledWindow, billedWithin, withLines } from './billed-cycle.ts'
import type { Charge, ChargeBasis } from './charge.ts'
import { addedByMonth, committedIn } from './commitment-months.ts'
import { difference } from './usage-adjustment.ts'
import { asText } from './usage-charge.ts'

/**
 * What commitments add at a boundary, before discounts and tax: for each period that is over, what its fees leave of the
 * amount, or what they cost more above it, less what was billed of that before. So late usage lowers a true-up that
 * stands on an earlier invoice. Nothing makes no line, unless months had too little that later ones have filled: then a
 * line of nothing has their revenue.
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

/**
 * What the commitment would add to the window that goes on beyond a boundary, if nothing more were used in it: its months
 * up to any day are what the window is short of by then.
 */
export function trueUpAhead(basis: ChargeBasis, boundary: number, billed: readonly BilledCycle[]): Charge[] {
  const { terms } = basis
  const last = lastBoundary(terms)
  if (!terms.commitments?.length || (last !== null && boundary > last)) return []
  const window = windowOfCycle(terms, Math.max(boundary, 1))
  return window && window.last > boundary ? trueUpCharge(basis, window, billed) : []
}

/** What a commitment adds to the fees of its window: what they leave of it, or what they cost more above it. */
export function dueAbove(
  currency: string,
  rounding: ChargeBasis['rounding'],
  window: Pick<CommitmentWindow, 'commitment' | 'factor'>,
  fees: Minor,
): Minor {
  const cost = fromMinor(fees, currency)
  const { charge } = chargeWindows([cost], committedIn(window))
  return toMinor(subtract(charge, cost), currency, rounding)
}

function trueUpCharge(
  basis: ChargeBasis,
  window: CommitmentWindow,
  cycles: readonly BilledCycle[],
): Charge[] {
  const { terms } = basis
  const billed = billedWithin(window, cycles)
  const months = addedByMonth(basis, window, billed)
  const due = sum(Object.values(months))
  const untold = billed.trueUp - sum(Object.values(billed.trueUpByMonth))
  const usageByMonth = asText(difference(months, monthsBefore(billed, months, untold)))
  const isMoved = Object.keys(usageByMonth).length > 0 && untold === 0n
  const productRef = window.commitment.product_ref ?? terms.products[0]?.product_ref
  if ((due === billed.trueUp && !isMoved) || productRef === undefined) return []
  return [
    {
      kind: 'true_up',
      productRef,
      ...inWords(basis, window, billed, due),
      serviceStart: window.start,
      serviceEnd: window.end,
      serviceCycleNo: window.last,
      quantity: '1',
      unitAmount: null,
      amount: due - billed.trueUp,
      usageByMonth,
      taxes: billed.trueUp === 0n ? undefined : billed.taxes,
    },
  ]
}

/** What was billed before, by month; what tells no months, since it is owed and on no line, is the last one's. */
function monthsBefore(
  { trueUpByMonth }: BilledWindow,
  months: Record<string, Minor>,
  untold: Minor,
): Record<string, Minor> {
  const last = Object.keys(months).at(-1) ?? ''
  return untold === 0n ? trueUpByMonth : { ...trueUpByMonth, [last]: (trueUpByMonth[last] ?? 0n) + untold }
}

function inWords(
  { terms: { currency }, rounding }: ChargeBasis,
  window: CommitmentWindow,
  { fees, trueUp }: BilledWindow,
  due: Minor,
): Pick<Charge, 'description' | 'detail'> {
  const money = (amount: Minor) => formatMoney(amount, currency)
  const row = (description: string, amount: Minor) => ({
    description,
    quantity: '1',
    unit_amount: '',
    amount: money(amount),
  })
  const whole = toMinor(committedIn(window).commitment, currency, rounding)
  return {
    description: fees > whole ? 'Use above the commitment' : 'Minimum commitment',
    detail: [
      row(`Committed: ${money(whole)}; fees: ${money(fees)}`, due),
      ...(trueUp === 0n ? [] : [row('Billed before', -trueUp)]),
    ],
  }
}
