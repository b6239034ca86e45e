import { and, eq, isNull, type SQL, type Subquery, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { defaultRecognition, type RecognitionMethod } from '../catalog/product.ts'
import { legalEntities } from '../customers/customers.schema.ts'
import { netByMonth } from '../invoicing/assembly/net-by-month.ts'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { creditParts } from '../invoicing/credit-parts.schema.ts'
import type { InvoiceLine } from '../invoicing/invoice.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { unmetDays } from './accounting/criteria.ts'
import { criteriaStated, readCriteria } from './criteria.store.ts'
import { NOT_TIMED, plannedMethod } from './planned-method.store.ts'
import type { UnscheduledLine } from './recognition.ts'
import { revenueContracts, revenueSchedules, unscheduledLines } from './revenue.schema.ts'

/** How a line is recognised whose product nobody has set up. */
const METHOD_OF_KIND: Record<InvoiceLine['kind'], RecognitionMethod> = {
  usage: defaultRecognition.usage,
  usage_adjustment: defaultRecognition.usage,
  recurring: defaultRecognition.recurring,
  one_time: defaultRecognition.one_time,
  true_up: defaultRecognition.usage,
  change: defaultRecognition.recurring,
}

/** `cycleNo` is the boundary of its invoice, `judgements` how often step 1 of its contract was judged. */
type Service = UnscheduledLine & {
  kind: InvoiceLine['kind']
  isCovered: boolean
  cycleNo: number
  judgements: number
}

/** Invoice lines, what credit makes of their prices, and what was taken back, that have no revenue schedule yet. */
export function linesToSchedule(db: Db, limit: number): Promise<Service[]> {
  const waiting = db
    .select({ serviceId: sql<string>`${unscheduledLines.lineId}`.as('service_id') })
    .from(unscheduledLines)
    .as('waiting')
  // Whether a contract's plan covers the line is known once the contract is planned.
  return servicesOf(db, waiting, sql`${revenueContracts.stale} IS NOT 1`, limit)
}

/** The same of lines, parts of credit and reversals by their ids, whether they have a schedule or not. */
export function billedServices(db: Db, ids: readonly string[]): Promise<Service[]> {
  const asked = db
    .select({ serviceId: sql<string>`value`.as('service_id') })
    .from(sql`json_each(${JSON.stringify(ids)})`)
    .as('asked')
  return servicesOf(db, asked, undefined, ids.length)
}

async function servicesOf(
  db: Db,
  ids: Subquery & { serviceId: SQL.Aliased<string> },
  filter: SQL | undefined,
  limit: number,
): Promise<Service[]> {
  const rows = await db
    .select({
      lineId: ids.serviceId,
      kind: invoiceLines.kind,
      productRef: invoiceLines.productRef,
      amount: invoiceLines.amount,
      netAmount: invoiceLines.netAmount,
      serviceStart: invoiceLines.serviceStart,
      serviceEnd: invoiceLines.serviceEnd,
      usageByMonth: invoiceLines.usageByMonth,
      soldAs,
      invoiceId: invoices.id,
      entityRef: invoices.entityRef,
      customerRef: invoices.customerRef,
      contractRef: invoices.contractRef,
      cycleNo: invoices.cycleNo,
      currency: invoices.currency,
      method: products.recognition,
      timezone: legalEntities.timezone,
      reversal: lineReversals,
      part: creditParts,
      methodOfPlan,
      isCovered,
      scheduledAs: revenueSchedules.method,
      framework: legalEntities.framework,
      criteria: criteriaStated(revenueContracts.groupRef),
    })
    .from(ids)
    .leftJoin(lineReversals, eq(lineReversals.id, ids.serviceId))
    .leftJoin(creditParts, eq(creditParts.id, ids.serviceId))
    .innerJoin(invoiceLines, eq(invoiceLines.id, billedLine(ids.serviceId)))
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .innerJoin(legalEntities, eq(legalEntities.ref, invoices.entityRef))
    .leftJoin(products, eq(products.ref, invoiceLines.productRef))
    .leftJoin(revenueContracts, eq(revenueContracts.ref, invoices.contractRef))
    .leftJoin(revenueSchedules, eq(revenueSchedules.lineId, ids.serviceId))
    // Credit that a line sells is earned by its use.
    .where(and(filter, isNull(invoiceLines.sellsCredit)))
    .limit(limit)
  return rows.map(
    ({
      kind,
      method,
      amount,
      netAmount,
      usageByMonth,
      soldAs: sold,
      reversal,
      part,
      methodOfPlan: planned,
      isCovered: covered,
      scheduledAs,
      framework,
      criteria,
      ...line
    }) => ({
      ...line,
      kind,
      isCovered: covered === 1 && scheduledAs === null,
      unmet: unmetDays(readCriteria(criteria), framework),
      judgements: readCriteria(criteria).length,
      ...(reversal
        ? mirrored(reversal)
        : part
          ? ofCredit(part)
          : {
              amount: netAmount,
              usageByMonth: netByMonth({ amount, netAmount, usageByMonth }, readSold(sold)),
            }),
      // How a line is recognised is decided when it is scheduled first.
      method: scheduledAs ?? (part && planned) ?? methodOf(kind, method),
    }),
  )
}

/** What a commitment adds has its months, whatever product bears its name. */
const methodOf = (kind: InvoiceLine['kind'], ofProduct: RecognitionMethod | null): RecognitionMethod =>
  (kind === 'true_up' ? null : ofProduct) ?? METHOD_OF_KIND[kind]

const billedLine = (serviceId: SQL.Aliased<string>): SQL =>
  sql`COALESCE(${lineReversals.lineId}, ${creditParts.lineId}, ${serviceId})`

const covers = sql`${invoiceLines.kind} IN ('recurring', 'one_time', 'change') AND EXISTS (
  SELECT 1 FROM json_each(${revenueContracts.covers}) WHERE value = ${invoiceLines.productRef})`

/** How the contract's plan recognises a fee that it covers. */
const methodOfPlan = sql<RecognitionMethod | null>`IIF(${covers}, ${plannedMethod(invoiceLines.productRef)}, NULL)`

/**
 * Fees of the products that their contract's plan covers: revenue follows the plan, and the line moves the position. What
 * credit makes of the price of a fee is spread over the days of the fee, and only where days do not earn it left to the plan.
 */
const isCovered = sql<number>`${covers} AND (${creditParts.id} IS NULL
  OR ${plannedMethod(invoiceLines.productRef)} IN ${NOT_TIMED})`

const soldLines = sql`(
  SELECT json_array(CAST(SUM(ABS(sold.amount)) AS TEXT), CAST(SUM(ABS(sold.net_amount)) AS TEXT)) FROM ${invoiceLines} AS sold
  WHERE sold.contract_ref = ${invoiceLines.contractRef} AND sold.kind IN ('usage', 'usage_adjustment')`

/**
 * Of a correction, what the usage of its product and cycle was billed with, and of a true-up that of its window up to its
 * own invoice: amount and net amount, whatever their signs.
 */
const soldAs = sql<string | null>`CASE ${invoiceLines.kind}
  WHEN 'usage_adjustment' THEN ${soldLines} AND sold.product_ref = ${invoiceLines.productRef}
    AND sold.service_cycle_no = ${invoiceLines.serviceCycleNo})
  WHEN 'true_up' THEN ${soldLines} AND sold.service_start >= ${invoiceLines.serviceStart}
    AND sold.service_end <= ${invoiceLines.serviceEnd} AND sold.rowid < ${invoiceLines}.rowid)
  END`

function readSold(sold: string | null) {
  const [amount, net] = sold === null ? [] : (JSON.parse(sold) as (string | null)[])
  return amount && net && amount !== '0' ? { amount: BigInt(amount), netAmount: BigInt(net) } : undefined
}

/** What credit makes of the price of a line: from the beginning, or since it was given back. */
const ofCredit = ({
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth,
  bookedFrom,
}: typeof creditParts.$inferSelect) => ({
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth,
  ...(bookedFrom !== null && { bookedFrom }),
})

/** What was taken back of a line is the mirror image of that part of it. */
const mirrored = ({
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth,
  bookedFrom,
}: typeof lineReversals.$inferSelect) => ({
  amount: -amount,
  serviceStart,
  serviceEnd,
  usageByMonth: Object.fromEntries(
    Object.entries(usageByMonth).map(([month, part]) => [month, String(-BigInt(part))]),
  ),
  bookedFrom,
})
