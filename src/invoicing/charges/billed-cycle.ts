import type { CommitmentWindow } from '../../contracts/terms/commitment.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { InvoiceLine } from '../invoice.ts'

/** A service that counts towards a commitment: usage by its months, a fee by its days. */
export type CountedService = Pick<
  InvoiceLine,
  'productRef' | 'amount' | 'serviceStart' | 'serviceEnd' | 'usageByMonth'
> & {
  /** Where it is on an invoice, or would be. */
  netAmount?: Minor | undefined
}

/** What issued lines have billed for one cycle: fees that count towards a commitment, and lines of the commitment. */
export type BilledCycle = {
  cycleNo: number
  fees: Minor
  trueUp: Minor
  /** The fees by product. */
  byProduct?: Record<string, Minor> | undefined
  /** What the fees are for, as far as it is known. */
  services?: readonly CountedService[] | undefined
  /** The months that the true-up was spread over, as far as it is known. */
  trueUpByMonth?: Record<string, Minor> | undefined
  /** Those that the true-up bore; what corrects it bears them too. */
  taxes?: AgreedTax[] | undefined
}

type BilledLine = Pick<InvoiceLine, 'kind' | 'productRef' | 'serviceCycleNo' | 'amount' | 'sellsCredit'> &
  Partial<Pick<InvoiceLine, 'serviceStart' | 'serviceEnd' | 'usageByMonth' | 'netAmount'>> & {
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
      cycle.trueUpByMonth = sumOfMonths([cycle.trueUpByMonth ?? {}, line.usageByMonth ?? {}])
      cycle.taxes ??= line.taxes
    } else if (counts(line)) {
      cycle.fees += amount
      cycle.byProduct = { ...cycle.byProduct, [productRef]: (cycle.byProduct?.[productRef] ?? 0n) + amount }
      cycle.services = [...(cycle.services ?? []), ...servicesOf(line)]
    }
    cycles.set(cycleNo, cycle)
  }
  return [...cycles.values()]
}

/** What is owed, and billed by no line, tells no days. */
const servicesOf = (line: BilledLine): CountedService[] => {
  const { productRef, amount, netAmount, serviceStart, serviceEnd, usageByMonth = {} } = line
  return serviceStart && serviceEnd
    ? [{ productRef, amount, netAmount, serviceStart, serviceEnd, usageByMonth }]
    : []
}

/** What was billed for a window of a commitment. */
export type BilledWindow = {
  /** Fees that count: of a committed quantity those of its product alone. */
  fees: Minor
  /** What they are for, as far as it is known. */
  services: readonly CountedService[]
  /** What was billed for the commitment itself. */
  trueUp: Minor
  trueUpByMonth: Record<string, Minor>
  taxes: AgreedTax[] | undefined
}

/** What the cycles of a window have billed. */
export function billedWithin(
  { commitment: { quantity, product_ref: ref }, first, last }: CommitmentWindow,
  billed: readonly BilledCycle[],
): BilledWindow {
  const cycles = billed.filter(({ cycleNo }) => first <= cycleNo && cycleNo <= last)
  const isAll = quantity === undefined
  const feesOf = ({ fees, byProduct = {} }: BilledCycle) => (isAll ? fees : (byProduct[ref ?? ''] ?? 0n))
  const services = cycles.flatMap((cycle) => cycle.services ?? [])
  return {
    fees: sum(cycles.map(feesOf)),
    services: services.filter(({ productRef }) => isAll || productRef === ref),
    trueUp: sum(cycles.map(({ trueUp }) => trueUp)),
    trueUpByMonth: sumOfMonths(cycles.map(({ trueUpByMonth }) => trueUpByMonth ?? {})),
    taxes: cycles.find(({ taxes }) => taxes !== undefined)?.taxes,
  }
}

/**
 * What usage of the window was billed for, as it was priced and net of what is off it; whatever the signs. Undefined where
 * there was none.
 */
export function soldWithin(
  window: CommitmentWindow,
  billed: readonly BilledCycle[],
): Pick<InvoiceLine, 'amount' | 'netAmount'> | undefined {
  const metered = billedWithin(window, billed).services.filter(isMetered)
  const amount = sum(metered.map((service) => magnitude(service.amount)))
  const netAmount = sum(metered.map((service) => magnitude(service.netAmount ?? service.amount)))
  return amount === 0n ? undefined : { amount, netAmount }
}

export const isMetered = ({ usageByMonth }: Pick<CountedService, 'usageByMonth'>): boolean =>
  Object.keys(usageByMonth).length > 0

const magnitude = (minor: Minor): Minor => (minor < 0n ? -minor : minor)

/** Amounts by month, of several added up. */
export function sumOfMonths(all: readonly Readonly<Record<string, Minor | string>>[]): Record<string, Minor> {
  const months: Record<string, Minor> = {}
  for (const [month, amount] of all.flatMap((one) => Object.entries(one))) {
    months[month] = (months[month] ?? 0n) + BigInt(amount)
  }
  return months
}
