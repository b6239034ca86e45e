import { sha256Hex } from '../../src/kernel/hash.ts'
import { TODAY } from './company.ts'
import type { Asked } from './index.ts'

const SESSION = 'session_of_the_benchmark'
const OPERATOR = 'operator@bench.example'

/** Opens a session of the console. */
export async function letIn(d1: D1Database): Promise<void> {
  await d1.batch([
    d1
      .prepare("INSERT INTO operators (email, name, role, created_at) VALUES (?, 'Operator', 'admin', 0)")
      .bind(OPERATOR),
    d1
      .prepare('INSERT INTO sessions (token_hash, email, expires_at, created_at) VALUES (?, ?, 9e15, 0)')
      .bind(sha256Hex(SESSION), OPERATOR),
  ])
}

/** What the Worker reads to answer a GET, of the API or of the console. */
export async function ask(url: string, path: string): Promise<Asked> {
  const headers = { authorization: 'Bearer sandbox_admin_key', cookie: `accrue_session=${SESSION}` }
  return (await fetch(`${url}/asked${path}`, { headers })).json() as Promise<Asked>
}

/** What a cron tick reads. */
export async function askTick(url: string): Promise<Asked> {
  const body = JSON.stringify({ now: Date.parse(`${TODAY}T12:00:00Z`) })
  return (await fetch(`${url}/asked/tick`, { method: 'POST', body })).json() as Promise<Asked>
}
