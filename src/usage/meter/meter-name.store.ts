import { assert } from '../../kernel/problem.ts'

/**
 * The name of a meter's object. Whoever calls an object by its name tells it, but an object that is woken by its id or
 * by an alarm need not be told: so it is kept when it is heard first. The archive is ordered by it.
 */
export function keptName(sql: SqlStorage, told: string | undefined): string {
  const [row] = sql.exec<{ name: string }>('SELECT name FROM identity')
  if (row) return row.name
  assert(told !== undefined, 'a meter is called by its name at first')
  sql.exec('INSERT INTO identity (id, name) VALUES (1, ?)', told)
  return told
}
