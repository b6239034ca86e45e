import type { RecognitionMethod } from '../../catalog/product.ts'
import type { Contract } from '../../contracts/contract.ts'
import { cyclePeriod } from '../../contracts/periods/schedule.ts'
import { netByMonth } from '../../invoicing/assembly/net-by-month.ts'
import type { Unbilled, UnbilledLine } from '../../invoicing/cycle/unbilled.ts'
import type { InvoiceLine } from '../../invoicing/invoice.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { sum } from '../../kernel/money.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import { entriesToPlan, type Posted } from '../accounting/schedule-of.ts'
import type { Portion } from '../recognition/line.ts'
import type { Schedule, ScheduleEntry } from '../recognition.ts'
import { revenuePortions } from '../schedule.ts'

/** What invoices to come would bill of a contract, with what decides on its revenue. */
export type Earning = {
  contract: Pick<Contract, 'ref' | 'customerRef' | 'entityRef' | 'terms'>
  unbilled: readonly Unbilled[]
  /** How products are recognised. */
  recognitionOf: ReadonlyMap<string, RecognitionMethod>
  /** The products whose fees follow the contract's plan. */
  planned: readonly string[]
  /** The last day of the last month that is over. */
  lastDay: LocalDate
  /** The legal entity's. */
  timezone: string
}

/** What is accrued under one boundary of a contract for one of its products: a schedule of its own. */
export type Accrual = Schedule & { accrual: 'open'; boundary: number }

/** An accrual as it stands in the books. */
export type KnownAccrual = Pick<Accrual, 'lineId' | 'contractRef' | 'productRef' | 'boundary'> & {
  /** `billed`: its boundary is closed, and it waits to be taken back. */
  accrual: 'open' | 'billed'
  portions: readonly Posted[]
  /** The legal entity's. */
  timezone: string
}

/** Time and use earn these day by day or month by month; all else has a moment of its own. */
const ACCRUED: ReadonlySet<RecognitionMethod> = new Set([
  'usage',
  'daily',
  'month_even',
  'month_even_prorated_ends',
])

/** Lines of the products that a plan may cover. */
const FEES: ReadonlySet<InvoiceLine['kind']> = new Set(['recurring', 'one_time', 'change'])

/**
 * Accrues what is earned and on no invoice yet (usage: ASC 606-10-55-18, IFRS 15.B16; a fee in arrears: a contract asset,
 * ASC 606-10-45-3, IFRS 15.107): the revenue of the invoice to come, as far as it lies in months that are over, less what
 * was accrued before. Each month has its own difference, posted under its last day, so that usage which came late, and
 * tiers which later usage has moved, belong to their month. Repeated, it finds nothing to add; amounts are minor units.
 *
 * A commitment is not accrued before it is due, and neither is what is charged as it happens: that is billed by the day.
 *
 * @example a quarter with 10.00 used in January, then 4.00 more of it reported in February, and 7.00 of February:
 * 10.00 under 31 January; 4.00 under 31 January, 7.00 under 28 February
 */
export function accrue(
  earning: Earning,
  known: readonly KnownAccrual[],
  now: Instant,
): { accruals: Accrual[]; entries: ScheduleEntry[] } {
  const planned = earning.unbilled.flatMap(({ boundary, lines }) => {
    const byProduct = Map.groupBy(accruable(earning, lines), ({ productRef }) => productRef)
    return [...byProduct.values()].map((own) => accrualOf(earning, boundary, own, now))
  })
  const open = known.filter(({ accrual }) => accrual === 'open')
  const portions = open.flatMap((one) => one.portions)
  const entries = entriesToPlan(planned, portions, earning.timezone)
  const moved = new Set(entries.map(({ lineId }) => lineId))
  return {
    accruals: planned.map(({ accrual }) => accrual).filter(({ lineId }) => moved.has(lineId)),
    entries,
  }
}

/** Takes back what stands of accruals, under the days that it stands under. */
export const takenBack = (known: readonly KnownAccrual[]): ScheduleEntry[] =>
  known.flatMap(({ portions, timezone }) => entriesToPlan([], portions, timezone))

/**
 * The accruals that lines of an invoice bill: those of their product, also under a later boundary, where a contract that
 * was changed has billed it earlier. What is still to be billed under that one is accrued again by the next run.
 */
export const billedBy = (
  lines: readonly { contractRef: string; productRef: string; cycleNo: number }[],
  known: readonly KnownAccrual[],
): KnownAccrual[] =>
  known.filter((accrual) =>
    lines.some(
      (line) =>
        line.contractRef === accrual.contractRef &&
        line.productRef === accrual.productRef &&
        line.cycleNo <= accrual.boundary,
    ),
  )

/** Fees of a plan follow it; credit that is sold is earned by its use. */
function accruable(
  { contract, recognitionOf, planned }: Earning,
  lines: readonly UnbilledLine[],
): UnbilledLine[] {
  const billedByTheDay = contract.terms.products
    .filter(({ bill }) => bill === 'advance')
    .map(({ product_ref: ref }) => ref)
  return lines.filter(({ kind, productRef, sellsCredit }) => {
    const method = recognitionOf.get(productRef)
    const followsPlan = FEES.has(kind) && planned.includes(productRef)
    return (
      method !== undefined &&
      ACCRUED.has(method) &&
      kind !== 'true_up' &&
      !sellsCredit &&
      !followsPlan &&
      !billedByTheDay.includes(productRef)
    )
  })
}

/** What the lines of one product have earned under a boundary. */
function accrualOf(
  { contract, recognitionOf, lastDay }: Earning,
  boundary: number,
  lines: readonly UnbilledLine[],
  now: Instant,
) {
  const { productRef } = lines[0]!
  const method = recognitionOf.get(productRef)!
  const lineId = derivedId('acr', contract.ref, boundary, productRef)
  const portions = earnedByMonth(lines, method, lastDay)
  const service = cyclePeriod(contract.terms, boundary)
  const accrual: Accrual = {
    lineId,
    invoiceId: null,
    entityRef: contract.entityRef,
    customerRef: contract.customerRef,
    contractRef: contract.ref,
    productRef,
    currency: contract.terms.currency,
    method,
    amount: sum(portions.map(({ amount }) => amount)),
    serviceStart: service.start,
    serviceEnd: service.end,
    book: 'primary',
    bookedOn: lastDay,
    createdAt: now,
    accrual: 'open',
    boundary,
  }
  return { lineId, portions, accrual }
}

/** What lines have earned in each month that is over, under its last day. */
function earnedByMonth(
  lines: readonly UnbilledLine[],
  method: RecognitionMethod,
  lastDay: LocalDate,
): Portion[] {
  const portions = lines.flatMap((line) =>
    revenuePortions({ ...line, amount: line.netAmount, usageByMonth: netByMonth(line) }, method),
  )
  const past = portions.filter(({ postingDate }) => postingDate <= lastDay)
  return [...Map.groupBy(past, ({ month }) => month)].map(([month, own]) => ({
    key: month,
    date: lastDayOf(month),
    amount: sum(own.map(({ amount }) => amount)),
    cause: 'performance',
  }))
}
