import type { Instant } from '../../kernel/calendar.ts'
import type { StateCell } from './state-cells.ts'

/** A state as it is stored, JSON. */
export type StateRow = {
  product_ref: string
  bucket: number
  series: string
  grouping: string
  part: number
  state: string
}

export type StatePlace = Pick<StateRow, 'product_ref' | 'bucket' | 'series' | 'grouping' | 'part'>

/** Before every state: no reference is empty. */
export const STATES_START: StatePlace = { product_ref: '', bucket: 0, series: '', grouping: '', part: 0 }

/** Of a row that stands for a remade bucket and holds no state. */
export const NO_PART = -1

/** About what a row takes beside its texts when it is sent. */
const ROW_CHARS = 100

export const STATE_COLUMNS = 'product_ref, bucket, series, grouping, part, state'

export const cellOf = (row: StateRow): StateCell => ({
  productRef: row.product_ref,
  bucket: row.bucket,
  series: row.series,
  group: row.grouping,
  part: row.part,
  state: JSON.parse(row.state),
})

export const rowOf = ({ productRef, bucket, series, group, part, state }: StateCell): StateRow => ({
  product_ref: productRef,
  bucket,
  series,
  grouping: group,
  part,
  state: JSON.stringify(state),
})

/** Says to whoever has a copy of a bucket that what was there before is gone. */
export const nothingLeft = (productRef: string, bucket: Instant): StateRow => ({
  product_ref: productRef,
  bucket,
  series: '',
  grouping: '',
  part: NO_PART,
  state: '[]',
})

/** Puts a state in the place of the one that a shard has of the same place; own states are those of shard 0. */
export function putState(sql: SqlStorage, row: StateRow, shard: number, number: number): void {
  sql.exec(
    `INSERT OR REPLACE INTO metric_cells
       (product_ref, bucket, series, grouping, part, shard, state, changed_at_number)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    row.product_ref,
    row.bucket,
    row.series,
    row.grouping,
    row.part,
    shard,
    row.state,
    number,
  )
}

export function dropBucket(sql: SqlStorage, { product_ref, bucket }: StatePlace, shard: number): void {
  sql.exec(
    'DELETE FROM metric_cells WHERE product_ref = ? AND bucket = ? AND shard = ?',
    product_ref,
    bucket,
    shard,
  )
}

/**
 * The own states of all buckets of which one was saved after a number of the log, in the order of their places from
 * one on, until they are so many characters.
 */
export function statesChangedAfter(
  sql: SqlStorage,
  number: number,
  after: StatePlace,
  charsMax: number,
): { rows: StateRow[]; isAll: boolean } {
  const rows: StateRow[] = []
  let chars = 0
  for (const row of allChangedAfter(sql, number, after)) {
    if (chars >= charsMax) return { rows, isAll: false }
    rows.push(row)
    chars += row.product_ref.length + row.grouping.length + row.state.length + ROW_CHARS
  }
  return { rows, isAll: true }
}

const allChangedAfter = (sql: SqlStorage, number: number, after: StatePlace): Iterable<StateRow> =>
  sql.exec<StateRow>(
    `SELECT ${STATE_COLUMNS} FROM metric_cells WHERE shard = 0
     AND (product_ref, bucket) IN
       (SELECT product_ref, bucket FROM metric_cells WHERE shard = 0 AND changed_at_number > ?)
     AND (product_ref, bucket, series, grouping, part) > (?, ?, ?, ?, ?)
     ORDER BY product_ref, bucket, series, grouping, part`,
    number,
    after.product_ref,
    after.bucket,
    after.series,
    after.grouping,
    after.part,
  )
