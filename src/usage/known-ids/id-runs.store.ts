import type { Instant } from '../../kernel/calendar.ts'
import { contentOf, fromBlob, joinEntries, numberOf, toBlob } from './id-entry.ts'
import { findInPage, idRun, mayHold, pageOf } from './id-run.ts'
import { RunPages } from './run-pages.store.ts'

/** As many runs of one size are joined into one of the next size, up to this size. */
const RUNS_JOINED = 4
const TOP_LEVEL = 2

/** What is remembered of an id: the hash of the content it came with, and its number in the log. */
export type Known = {
  content: number
  number: number
  /** When it was last heard of, at the latest; undefined: since the last run was written. */
  heardBefore: Instant | undefined
}

type Run = { run: number; level: number; page_bits: number; last_at: number; filter: Uint32Array }
/** The filter of a run, under the run's number. */
export type RunFilter = Pick<Run, 'run' | 'filter'>
type RunRow = Omit<Run, 'filter'> & { filter: ArrayBuffer }

/** Ids in runs that are never written again, each with a filter that says of most ids that it does not hold them. */
export class IdRuns {
  readonly #sql: SqlStorage
  /** The latest first. */
  #runs: Run[]
  readonly #pages: RunPages

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#pages = new RunPages(sql)
    this.#runs = Array.from(
      sql.exec<RunRow>('SELECT run, level, page_bits, last_at, filter FROM id_runs ORDER BY run DESC'),
      (row) => ({ ...row, filter: fromBlob(row.filter) }),
    )
  }

  /** Looks for the id of an entry, in the latest run first. */
  find(entries: Uint32Array, at: number): Known | undefined {
    for (const run of this.#runs) {
      if (!mayHold(run.filter, entries, at)) continue
      const page = this.#pages.of(run.run, pageOf(entries, at, run.page_bits))
      const found = findInPage(page, entries, at)
      if (found >= 0) return knownAt(page, found, run.last_at)
    }
    return undefined
  }

  /**
   * Filters of the runs after one, the oldest first, up to a number of bytes. Runs that are joined meanwhile come back
   * under a later number, so whoever goes on until there are no more has them all.
   */
  filtersAfter(run: number, bytesMax: number): RunFilter[] {
    let bytes = 0
    return this.#runs
      .filter((one) => one.run > run)
      .toReversed()
      .filter(({ filter }, place) => {
        bytes += filter.byteLength
        return place === 0 || bytes <= bytesMax
      })
      .map(({ run, filter }) => ({ run, filter }))
  }

  /** Writes entries as the latest run. */
  add(entries: Uint32Array, lastAt: Instant): void {
    this.#write(entries, 0, lastAt)
  }

  /** Joins runs of one size into one of the next, where there are enough of them. */
  join(): void {
    for (let level = 0; level < TOP_LEVEL; level++) {
      const small = this.#runs.filter((run) => run.level === level)
      if (small.length < RUNS_JOINED) return
      const oldestFirst = small.toReversed()
      const entries = joinEntries(
        oldestFirst.flatMap(({ run, page_bits }) => this.#pages.all(run, page_bits)),
      )
      const lastAt = Math.max(...small.map((run) => run.last_at))
      // Written first, so that its number comes after theirs.
      this.#write(entries, level + 1, lastAt)
      for (const run of small) this.#drop(run)
    }
  }

  /** Forgets the runs whose ids all came before `horizon`, each as a whole; false where there is none. */
  forget(horizon: Instant): boolean {
    const old = this.#runs.filter(({ last_at }) => last_at < horizon)
    for (const run of old) this.#drop(run)
    return old.length > 0
  }

  #write(entries: Uint32Array, level: number, lastAt: Instant): void {
    const { pageBits, pages, filter } = idRun(entries)
    const run = (this.#runs[0]?.run ?? 0) + 1
    this.#sql.exec(
      'INSERT INTO id_runs (run, level, page_bits, last_at, filter) VALUES (?, ?, ?, ?, ?)',
      run,
      level,
      pageBits,
      lastAt,
      toBlob(filter),
    )
    this.#pages.write(run, pages)
    this.#runs.unshift({ run, level, page_bits: pageBits, last_at: lastAt, filter })
  }

  #drop({ run, page_bits }: Run): void {
    this.#sql.exec('DELETE FROM id_runs WHERE run = ?', run)
    this.#pages.drop(run, page_bits)
    this.#runs = this.#runs.filter((other) => other.run !== run)
  }
}

export const knownAt = (entries: Uint32Array, at: number, heardBefore?: Instant): Known => ({
  content: contentOf(entries, at),
  number: numberOf(entries, at),
  heardBefore,
})
