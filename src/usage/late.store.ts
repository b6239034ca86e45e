import { BUCKET_MS, type Cell } from './bucket.ts'

/**
 * Notes which sealed cycles the cells fall into; their new totals are reported with the next seal. A recurring metric
 * carries what it counted into all later cycles.
 */
export function markLate(sql: SqlStorage, cells: Iterable<Pick<Cell, 'productRef' | 'at'>>): void {
  for (const [productRef, own] of Map.groupBy(cells, (cell) => cell.productRef)) {
    const sealedTo = sealedUntil(sql, productRef)
    for (const { at } of own.filter((cell) => cell.at < sealedTo)) {
      sql.exec(
        `INSERT OR IGNORE INTO late_usage (contract_ref, cycle_no, product_ref)
         SELECT contract_ref, cycle_no, product_ref FROM sealed_usage
         WHERE product_ref = ? AND end_at > ? AND sealed_in = cycle_no
           AND (start_at < ? OR json_extract(scope, '$.metric.recurring'))`,
        productRef,
        at,
        at + BUCKET_MS,
      )
    }
  }
}

const sealedUntil = (sql: SqlStorage, productRef: string): number =>
  sql
    .exec<{ until: number }>(
      'SELECT ifnull(max(end_at), 0) AS until FROM sealed_usage WHERE product_ref = ?',
      productRef,
    )
    .one().until
