import type { Instant } from '../../kernel/calendar.ts'
import { fromBlob, joinEntries, toBlob } from './id-entry.ts'
import { IdRuns, type Known, knownAt, type RunFilter } from './id-runs.store.ts'
import { IdTable } from './id-table.ts'

/** As many ids are gathered in memory before they become a run. */
const RUN_IDS = 32_768

/**
 * The ids that a meter has counted, log-structured: entries are durable in the rows of the log that they came with;
 * `save` copies what came since into one row, and every 32,768 of them become a run that is never written again. An
 * id costs a few thousandths of a row, where an index of ids would cost a whole one and rewrite a page of it.
 */
export class KnownIds {
  readonly #sql: SqlStorage
  #recent = new IdTable()
  readonly #runs: IdRuns
  /** Entries that the log alone has. */
  #unsaved: Uint32Array[] = []

  constructor(sql: SqlStorage) {
    this.#sql = sql
    for (const { ids } of sql.exec<{ ids: ArrayBuffer }>('SELECT ids FROM recent_ids'))
      this.#recent.putAll(fromBlob(ids))
    this.#runs = new IdRuns(sql)
  }

  /** Looks for the id of an entry, what was heard of last first. */
  find(entries: Uint32Array, at: number): Known | undefined {
    const place = this.#recent.find(entries, at)
    return place >= 0 ? knownAt(this.#recent.places, place) : this.#runs.find(entries, at)
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
      this.#runs.join()
    } else if (this.#unsaved.length > 0) {
      this.#sql.exec('INSERT INTO recent_ids (ids) VALUES (?)', toBlob(joinEntries(this.#unsaved)))
      this.#unsaved = []
    }
  }

  /** Keeps every id in a run, so that the filters of all runs let each pass that is remembered by now. */
  close(now: Instant): void {
    if (this.#recent.size > 0) this.#closeRun(now)
  }

  /** Filters of the runs after one, as many as make up so many bytes; none where there are no more. */
  filtersAfter(run: number, bytesMax: number): RunFilter[] {
    return this.#runs.filtersAfter(run, bytesMax)
  }

  /** Forgets the runs whose ids all came before `horizon`; false where there is none. */
  forget(horizon: Instant): boolean {
    return this.#runs.forget(horizon)
  }

  #closeRun(now: Instant): void {
    this.#runs.add(this.#recent.entries(), now)
    this.#recent = new IdTable()
    this.#unsaved = []
    this.#sql.exec('DELETE FROM recent_ids')
  }
}
