import { fromBlob, toBlob } from '../known-ids/id-entry.ts'
import { mayHold } from '../known-ids/id-run.ts'
import { type Spread, UNSPREAD } from '../shards.ts'

/** How a customer's meter is spread, and whether it may spread further by itself. */
export type SpreadSetting = { spread: Spread; automatic: boolean }

/** An id that another shard has counted. */
export type KnownElsewhere = { place: number; shard: number; content: number; number: number }

export function readSpread(sql: SqlStorage): SpreadSetting {
  const [row] = sql.exec<{ history: string; automatic: number }>('SELECT history, automatic FROM spread')
  return row
    ? { spread: JSON.parse(row.history), automatic: row.automatic === 1 }
    : { spread: UNSPREAD, automatic: true }
}

export function keepSpread(sql: SqlStorage, { spread, automatic }: SpreadSetting): void {
  sql.exec(
    'INSERT OR REPLACE INTO spread (id, history, automatic) VALUES (1, ?, ?)',
    JSON.stringify(spread),
    automatic ? 1 : 0,
  )
}

/** Filters of the ids that other shards counted before they belonged here. */
export class InheritedFilters {
  readonly #sql: SqlStorage
  readonly #filters = new Map<number, Uint32Array[]>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
    for (const { shard, filter } of sql.exec<{ shard: number; filter: ArrayBuffer }>(
      'SELECT shard, filter FROM inherited_filters',
    ))
      this.#filters.set(shard, [...(this.#filters.get(shard) ?? []), fromBlob(filter)])
  }

  keep(shard: number, filters: readonly Uint32Array[]): void {
    this.#sql.exec('DELETE FROM inherited_filters WHERE shard = ?', shard)
    for (const [run, filter] of filters.entries()) {
      this.#sql.exec(
        'INSERT INTO inherited_filters (shard, run, filter) VALUES (?, ?, ?)',
        shard,
        run,
        toBlob(filter),
      )
    }
    this.#filters.set(shard, [...filters])
  }

  /** The shards that may have counted the id of an entry; almost always none. */
  *mayHold(entries: Uint32Array, at: number): Generator<number> {
    for (const [shard, filters] of this.#filters)
      if (filters.some((filter) => mayHold(filter, entries, at))) yield shard
  }

  get isEmpty(): boolean {
    return this.#filters.size === 0
  }
}
