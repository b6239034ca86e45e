import { canonicalJson } from '../kernel/hash.ts'
import type { MeterBooks } from './meter/meter-books.store.ts'
import { isPlain } from './metrics/grouping.ts'
import {
  type MeteredTotal,
  metricTotal,
  plainTotal,
  type SealedUsage,
  type SealRequest,
  type SealScope,
} from './sealed-usage.ts'

type SealedRow = { cycle_no: number; product_ref: string; scope: string; total: string }

/**
 * Freezes the usage of a cycle, and with it the corrections of earlier cycles of the contract. Rows are only ever
 * added: each says which seal reported it, so that asking again finds the same answer, whatever came in since. A
 * product that joins the request later is frozen then. Belongs inside one transaction.
 *
 * What of the cycle is not frozen is counted as if nothing had happened from `until` on.
 *
 * Throws when the cycle was sealed over another period: somebody would be billed twice, or not at all.
 */
export function sealCycle(
  sql: SqlStorage,
  books: MeterBooks,
  request: SealRequest,
  until = request.end,
): SealedUsage {
  books.save()
  const frozen = new Map(rowsOf(sql, request, true).map((row) => [row.product_ref, row]))
  for (const row of frozen.values()) checkPeriod(request, JSON.parse(row.scope))
  for (const { productRef, metric, parts } of request.products) {
    if (frozen.has(productRef)) continue
    const scope: SealScope = {
      start: request.start,
      end: request.end,
      metric,
      months: request.months,
      ...(parts && { parts }),
    }
    freeze(sql, request, request.cycleNo, productRef, scope, currentTotal(books, productRef, scope, until))
  }
  if (isNewSeal(sql, request)) freezeCorrections(sql, books, request)
  return answerOf(sql, request)
}

function freezeCorrections(sql: SqlStorage, books: MeterBooks, request: SealRequest): void {
  const { contractRef, cycleNo } = request
  const late = sql
    .exec<SealedRow>(
      // With max() the bare columns are those of the newest row: the total that was reported last.
      `SELECT cycle_no, product_ref, scope, total, max(sealed_in) FROM late_usage
       JOIN sealed_usage USING (contract_ref, cycle_no, product_ref)
       WHERE contract_ref = ? AND cycle_no < ? GROUP BY cycle_no, product_ref`,
      contractRef,
      cycleNo,
    )
    .toArray()
  for (const row of late) {
    const scope: SealScope = JSON.parse(row.scope)
    const total = currentTotal(books, row.product_ref, scope)
    if (canonicalJson(total) !== canonicalJson(JSON.parse(row.total)))
      freeze(sql, request, row.cycle_no, row.product_ref, scope, total)
    sql.exec(
      'DELETE FROM late_usage WHERE contract_ref = ? AND cycle_no = ? AND product_ref = ?',
      contractRef,
      row.cycle_no,
      row.product_ref,
    )
  }
}

function currentTotal(
  books: MeterBooks,
  productRef: string,
  scope: SealScope,
  until = scope.end,
): MeteredTotal {
  const { totals, states } = books
  const end = Math.min(until, scope.end)
  if (isPlain(scope.metric)) return plainTotal(totals.between({ ...scope, end }, productRef), scope)
  const carriedFrom = scope.metric.recurring ? 0 : scope.start
  return metricTotal(states.between(carriedFrom, end, productRef, scope.metric), scope)
}

function freeze(
  sql: SqlStorage,
  { contractRef, cycleNo: sealedIn }: SealRequest,
  cycleNo: number,
  productRef: string,
  scope: SealScope,
  total: MeteredTotal,
): void {
  sql.exec(
    `INSERT INTO sealed_usage (contract_ref, sealed_in, cycle_no, product_ref, start_at, end_at, scope, total)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    contractRef,
    sealedIn,
    cycleNo,
    productRef,
    scope.start,
    scope.end,
    JSON.stringify(scope),
    JSON.stringify(total),
  )
}

const isNewSeal = (sql: SqlStorage, { contractRef, cycleNo }: SealRequest): boolean =>
  sql.exec('INSERT OR IGNORE INTO seals (contract_ref, cycle_no) VALUES (?, ?)', contractRef, cycleNo)
    .rowsWritten > 0

function answerOf(sql: SqlStorage, request: SealRequest): SealedUsage {
  const totals = new Map(rowsOf(sql, request, true).map((row) => [row.product_ref, row.total]))
  return {
    cycleNo: request.cycleNo,
    products: request.products.map(({ productRef }) => ({
      productRef,
      ...(JSON.parse(totals.get(productRef)!) as MeteredTotal),
    })),
    corrections: rowsOf(sql, request, false).map((row) => ({
      cycleNo: row.cycle_no,
      productRef: row.product_ref,
      ...(JSON.parse(row.total) as MeteredTotal),
    })),
  }
}

/** What the seal of a cycle reported: of the cycle itself, or of earlier ones. */
const rowsOf = (sql: SqlStorage, { contractRef, cycleNo }: SealRequest, ofItself: boolean): SealedRow[] =>
  sql
    .exec<SealedRow>(
      `SELECT cycle_no, product_ref, scope, total FROM sealed_usage
       WHERE contract_ref = ? AND sealed_in = ? AND cycle_no ${ofItself ? '=' : '<'} sealed_in
       ORDER BY cycle_no, product_ref`,
      contractRef,
      cycleNo,
    )
    .toArray()

function checkPeriod(request: SealRequest, scope: SealScope): void {
  if (scope.start === request.start && scope.end === request.end) return
  throw new Error(
    `cycle ${request.cycleNo} of contract ${request.contractRef} was sealed over another period`,
  )
}
