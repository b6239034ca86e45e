import type { RecognitionMethod } from '../../catalog/product.ts'
import type { Contract } from '../../contracts/contract.ts'
import { netByMonth } from '../../invoicing/assembly/net-by-month.ts'
import type { Unbilled, UnbilledLine } from '../../invoicing/cycle/unbilled.ts'
import type { InvoiceLine } from '../../invoicing/invoice.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import type { UnmetDays } from '../accounting/criteria.ts'
import type { Portion } from '../recognition/line.ts'
import { type BilledService, revenuePortions } from '../schedule.ts'

/** What invoices to come would bill of a contract, with what decides on its revenue. */
export type Earning = {
  contract: Pick<Contract, 'ref' | 'customerRef' | 'entityRef' | 'terms'>
  unbilled: readonly Unbilled[]
  /** How products are recognised. */
  recognitionOf: ReadonlyMap<string, RecognitionMethod>
  /** The products whose fees follow the contract's plan. */
  planned: readonly string[]
  /** Days without a contract; undefined where the criteria for one were never judged. */
  unmet?: UnmetDays | undefined
  /** The last day of the last month that is over. */
  lastDay: LocalDate
  /** The legal entity's. */
  timezone: string
}

/** What one product has earned that is billed at one boundary; `portions` has one for each month that is over. */
export type Earned = {
  boundary: number
  productRef: string
  accruedFor: AccruedFor
  method: RecognitionMethod
  portions: Portion[]
}

/** `commitment`: what its window is short of, billed with the end of the window, and so apart from usage and fees. */
export type AccruedFor = 'service' | 'commitment'

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
 * What a contract has earned and not billed, by boundary and product, each month under its last day; minor units. What
 * is charged as it happens does not count: that is billed by the day. What credit makes of a price counts with the
 * service that it pays for, also of a fee that follows a plan.
 */
export const earnedOf = (earning: Earning): Earned[] =>
  earning.unbilled.flatMap(({ boundary, lines }) => {
    const accrued = lines.filter((line) => isAccrued(earning, line))
    const byProduct = Map.groupBy(accrued, ({ productRef, kind }) => `${accruedFor({ kind })} ${productRef}`)
    return [...byProduct.values()].flatMap((own) => {
      const { productRef, kind } = own[0]!
      const method = methodOf(earning, own[0]!)!
      const services = own.flatMap((line) => servicesOf(earning, line))
      const portions = byMonth(services, method, earning.lastDay)
      return services.length === 0
        ? []
        : { boundary, productRef, accruedFor: accruedFor({ kind }), method, portions }
    })
  })

export const accruedFor = ({ kind }: Pick<InvoiceLine, 'kind'>): AccruedFor =>
  kind === 'true_up' ? 'commitment' : 'service'

/** A commitment has its months, whatever product bears its name. */
const methodOf = ({ recognitionOf }: Earning, { kind, productRef }: UnbilledLine) =>
  kind === 'true_up' ? 'usage' : recognitionOf.get(productRef)

/** Credit that is sold is earned by its use. */
function isAccrued(earning: Earning, line: UnbilledLine) {
  const method = methodOf(earning, line)
  const isBilledByTheDay = earning.contract.terms.products.some(
    ({ product_ref: ref, bill }) => ref === line.productRef && bill === 'advance',
  )
  return (
    method !== undefined &&
    ACCRUED.has(method) &&
    !line.sellsCredit &&
    (line.kind === 'true_up' || !isBilledByTheDay)
  )
}

/** A line and what credit makes of its price; fees of a plan follow that themselves. */
function servicesOf({ planned }: Earning, line: UnbilledLine): BilledService[] {
  const { creditParts = [] } = line
  return FEES.has(line.kind) && planned.includes(line.productRef)
    ? [...creditParts]
    : [{ ...line, amount: line.netAmount, usageByMonth: netByMonth(line, line.sold) }, ...creditParts]
}

function byMonth(
  services: readonly BilledService[],
  method: RecognitionMethod,
  lastDay: LocalDate,
): Portion[] {
  const portions = services.flatMap((service) => revenuePortions(service, method))
  const past = portions.filter(({ postingDate }) => postingDate <= lastDay)
  return [...Map.groupBy(past, ({ month }) => month)].map(([month, own]) => ({
    key: month,
    date: lastDayOf(month),
    amount: sum(own.map(({ amount }) => amount)),
    cause: 'performance',
  }))
}
