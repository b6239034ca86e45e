import { DatabaseSync } from 'node:sqlite'
import type { Storage } from './tables.ts'

/** Keeps the stand-in's objects in a SQLite file, so that a sandbox started again still knows its payments. */
export function openSqlite(file: string): Storage & { close(): void } {
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS objects (
      seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, UNIQUE (kind, id))`)
  const save = db.prepare(`INSERT INTO objects (kind, id, json) VALUES (?, ?, ?)
    ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json`)
  const remove = db.prepare('DELETE FROM objects WHERE kind = ? AND id = ?')
  return {
    load: () =>
      db
        .prepare('SELECT kind, id, json FROM objects ORDER BY seq')
        .all()
        .map(({ kind, id, json }) => ({ kind: String(kind), id: String(id), json: String(json) })),
    save(kind, id, json) {
      save.run(kind, id, json)
    },
    remove(kind, id) {
      remove.run(kind, id)
    },
    clear() {
      db.exec('DELETE FROM objects')
    },
    close() {
      db.close()
    },
  }
}
