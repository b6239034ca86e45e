import { fromBlob, toBlob } from './id-entry.ts'

/** Pages of up to 12 KB held in memory: enough for repeats of the last 200,000 ids, wherever they lie among them. */
const PAGES_HELD = 512
const PAGES_PER_RUN_MAX = 1 << 16

type PageRow = { ids: ArrayBuffer }

/** The pages that the entries of runs lie on, those read last held in memory. A run has 2 ^ `pageBits` pages. */
export class RunPages {
  readonly #sql: SqlStorage
  readonly #held = new Map<number, Uint32Array>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  of(run: number, page: number): Uint32Array {
    const id = pageId(run, page)
    const held = this.#held.get(id)
    if (held) return held
    const { ids } = this.#sql.exec<PageRow>('SELECT ids FROM id_pages WHERE id = ?', id).one()
    if (this.#held.size >= PAGES_HELD) this.#held.delete(this.#held.keys().next().value!)
    const entries = fromBlob(ids)
    this.#held.set(id, entries)
    return entries
  }

  /** All pages of a run, past the memory. */
  all(run: number, pageBits: number): Uint32Array[] {
    const rows = this.#sql.exec<PageRow>(
      'SELECT ids FROM id_pages WHERE id BETWEEN ? AND ? ORDER BY id',
      pageId(run, 0),
      pageId(run, 2 ** pageBits - 1),
    )
    return Array.from(rows, ({ ids }) => fromBlob(ids))
  }

  write(run: number, pages: readonly Uint32Array[]): void {
    for (const [page, ids] of pages.entries())
      this.#sql.exec('INSERT INTO id_pages (id, ids) VALUES (?, ?)', pageId(run, page), toBlob(ids))
  }

  drop(run: number, pageBits: number): void {
    const last = 2 ** pageBits - 1
    this.#sql.exec('DELETE FROM id_pages WHERE id BETWEEN ? AND ?', pageId(run, 0), pageId(run, last))
    for (let page = 0; page <= last; page++) this.#held.delete(pageId(run, page))
  }
}

const pageId = (run: number, page: number): number => run * PAGES_PER_RUN_MAX + page
