import type { Instant } from '../../kernel/calendar.ts'
import { contentOf, fromBlob, joinEntries, numberOf, toBlob } from './id-entry.ts'
import { findInPage, idRun, mayHold, pageOf } from './id-run.ts'
import { IdTable } from './id-table.ts'

/** As many ids are gathered in memory before they become a run. */
const RUN_IDS = 32_768
/** As many runs of one size are joined into one of the next size, up to this size. */
const RUNS_JOINED = 4
const TOP_LEVEL = 2
/** Pages of up to 12 KB held in memory: enough for repeats of the last 200,000 ids, wherever they lie among them. */
const PAGES_HELD = 512
const PAGES_PER_RUN_MAX = 1 << 16

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

/**
 * The ids that a meter has counted, log-structured: entries are durable in the rows of the log that they came with;
 * `save` copies what came since into one row, and every 32,768 of them become a run that is never written again. An
 * id costs a few thousandths of a row, where an index of ids would cost a whole one and rewrite a page of it.
 */
export class KnownIds {
  readonly #sql: SqlStorage
  #recent = new IdTable()
  #runs: Run[] = []
  readonly #pages = new Map<number, Uint32Array>()
  /** Entries that the log alone has. */
  #unsaved: Uint32Array[] = []

  constructor(sql: SqlStorage) {
    this.#sql = sql
    for (const { ids } of sql.exec<{ ids: ArrayBuffer }>('SELECT ids FROM recent_ids'))
      this.#recent.putAll(fromBlob(ids))
    this.#runs = Array.from(
      sql.exec<RunRow>('SELECT run, level, page_bits, last_at, filter FROM id_runs ORDER BY run DESC'),
      (row) => ({ ...row, filter: fromBlob(row.filter) }),
    )
  }

  /** Looks for the id of an entry, what was heard of last first. */
  find(entries: Uint32Array, at: number): Known | undefined {
    const place = this.#recent.find(entries, at)
    if (place >= 0) return known(this.#recent.places, place)
    for (const run of this.#runs) {
      if (!mayHold(run.filter, entries, at)) continue
      const page = this.#page(run, pageOf(entries, at, run.page_bits))
      const found = findInPage(page, entries, at)
      if (found >= 0) return known(page, found, run.last_at)
    }
    return undefined
  }

  /** Knows an entry from now on. It must be logged, and counted by `count`, by the end of the same transaction. */
  add(entries: Uint32Array, at: number): void {
    this.#recent.put(entries, at)
  }

  /** Counts entries that are known and logged. */
  count(entries: Uint32Array): void {
    if (entries.length > 0) this.#unsaved.push(entries)
  }

  /** Takes entries that were found in the log, or that are to be remembered anew. */
  take(entries: Uint32Array): void {
    this.#recent.putAll(entries)
    this.count(entries)
  }

  /** Keeps what only the log has held so far. Belongs inside one transaction with the mark of how far it was read. */
  save(now: Instant): void {
    if (this.#recent.size >= RUN_IDS) {
      this.#closeRun(now)
      this.#joinRuns()
    } else if (this.#unsaved.length > 0) {
      this.#sql.exec('INSERT INTO recent_ids (ids) VALUES (?)', toBlob(joinEntries(this.#unsaved)))
      this.#unsaved = []
    }
  }

  /** Keeps every id in a run, so that the filters of all runs let each pass that is remembered by now. */
  close(now: Instant): void {
    if (this.#recent.size > 0) this.#closeRun(now)
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

  /** Forgets the runs whose ids all came before `horizon`, each as a whole; false where there is none. */
  forget(horizon: Instant): boolean {
    const old = this.#runs.filter(({ last_at }) => last_at < horizon)
    for (const run of old) this.#drop(run)
    return old.length > 0
  }

  #closeRun(now: Instant): void {
    this.#write(this.#recent.entries(), 0, now)
    this.#recent = new IdTable()
    this.#unsaved = []
    this.#sql.exec('DELETE FROM recent_ids')
  }

  #page({ run }: Run, page: number): Uint32Array {
    const id = pageId(run, page)
    const held = this.#pages.get(id)
    if (held) return held
    const { ids } = this.#sql.exec<{ ids: ArrayBuffer }>('SELECT ids FROM id_pages WHERE id = ?', id).one()
    if (this.#pages.size >= PAGES_HELD) this.#pages.delete(this.#pages.keys().next().value!)
    const entries = fromBlob(ids)
    this.#pages.set(id, entries)
    return entries
  }

  #joinRuns(): void {
    for (let level = 0; level < TOP_LEVEL; level++) {
      const small = this.#runs.filter((run) => run.level === level)
      if (small.length < RUNS_JOINED) return
      const oldestFirst = small.toReversed()
      const entries = joinEntries(oldestFirst.flatMap((run) => this.#allPages(run)))
      const lastAt = Math.max(...small.map((run) => run.last_at))
      // Written first, so that its number comes after theirs.
      this.#write(entries, level + 1, lastAt)
      for (const run of small) this.#drop(run)
    }
  }

  #allPages({ run, page_bits }: Run): Uint32Array[] {
    return Array.from(
      this.#sql.exec<{ ids: ArrayBuffer }>(
        'SELECT ids FROM id_pages WHERE id BETWEEN ? AND ? ORDER BY id',
        pageId(run, 0),
        pageId(run, 2 ** page_bits - 1),
      ),
      ({ ids }) => fromBlob(ids),
    )
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
    for (const [page, ids] of pages.entries())
      this.#sql.exec('INSERT INTO id_pages (id, ids) VALUES (?, ?)', pageId(run, page), toBlob(ids))
    this.#runs.unshift({ run, level, page_bits: pageBits, last_at: lastAt, filter })
  }

  #drop({ run, page_bits }: Run): void {
    this.#sql.exec('DELETE FROM id_runs WHERE run = ?', run)
    this.#sql.exec(
      'DELETE FROM id_pages WHERE id BETWEEN ? AND ?',
      pageId(run, 0),
      pageId(run, 2 ** page_bits - 1),
    )
    this.#runs = this.#runs.filter((other) => other.run !== run)
    for (let page = 0; page < 2 ** page_bits; page++) this.#pages.delete(pageId(run, page))
  }
}

const pageId = (run: number, page: number): number => run * PAGES_PER_RUN_MAX + page

const known = (entries: Uint32Array, at: number, heardBefore?: Instant): Known => ({
  content: contentOf(entries, at),
  number: numberOf(entries, at),
  heardBefore,
})
