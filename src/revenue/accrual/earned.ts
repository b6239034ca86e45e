import type { RecognitionMethod } from '../../catalog/product.ts'
import type { Contract } from '../../contracts/contract.ts'
import { netByMonth } from '../../invoicing/assembly/net-by-month.ts'
import type { Unbilled, UnbilledLine } from '../../invoicing/cycle/unbilled.ts'
import type { InvoiceLine } from '../../invoicing/invoice.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import type { Portion } from '../recognition/line.ts'
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

/** What one product has earned that is billed at one boundary; `portions` has one for each month that is over. */
export type Earned = {
  boundary: number
  productRef: string
  method: RecognitionMethod
  portions: Portion[]
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
 * What a contract has earned and not billed, by boundary and product, each month under its last day; minor units. A
 * commitment does not count before it is due, and neither does what is charged as it happens: that is billed by the day.
 */
export const earnedOf = (earning: Earning): Earned[] =>
  earning.unbilled.flatMap(({ boundary, lines }) => {
    const byProduct = Map.groupBy(
      lines.filter((line) => isAccrued(earning, line)),
      ({ productRef }) => productRef,
    )
    return [...byProduct].map(([productRef, own]) => {
      const method = earning.recognitionOf.get(productRef)!
      return { boundary, productRef, method, portions: byMonth(own, method, earning.lastDay) }
    })
  })

/** Fees of a plan follow it; credit that is sold is earned by its use. */
function isAccrued(
  { contract, recognitionOf, planned }: Earning,
  { kind, productRef, sellsCredit }: UnbilledLine,
): boolean {
  const method = recognitionOf.get(productRef)
  const followsPlan = FEES.has(kind) && planned.includes(productRef)
  const isBilledByTheDay = contract.terms.products.some(
    ({ product_ref: ref, bill }) => ref === productRef && bill === 'advance',
  )
  return (
    method !== undefined &&
    ACCRUED.has(method) &&
    kind !== 'true_up' &&
    !sellsCredit &&
    !followsPlan &&
    !isBilledByTheDay
  )
}

function byMonth(lines: readonly UnbilledLine[], method: RecognitionMethod, lastDay: LocalDate): Portion[] {
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
