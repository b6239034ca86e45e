import type { Target } from './targets/target.ts'

const NOT_FOUND = 404

/** Spreads each customer's meter over shards; false where the product has no such setting. */
export async function spread(target: Target, customers: readonly string[], shards: number): Promise<boolean> {
  for (const customer of customers) {
    const answer = await askMeter(target, customer, { shards })
    if (answer.status === NOT_FOUND) return false
    if (!answer.ok) throw new Error(`The meter of ${customer} cannot be spread: ${await answer.text()}`)
  }
  return true
}

/** The rows that the customers' meters have written so far; undefined where they do not tell. */
export async function rowsWritten(target: Target, customers: readonly string[]): Promise<number | undefined> {
  if (target.name !== 'accrue') return undefined
  let sum = 0
  for (const customer of customers) {
    const answer = await askMeter(target, customer)
    const { rows_written: rows } = answer.ok ? ((await answer.json()) as { rows_written?: number }) : {}
    if (rows === undefined) return undefined
    sum += rows
  }
  return sum
}

const askMeter = (target: Target, customer: string, setting?: unknown): Promise<Response> =>
  fetch(`http://127.0.0.1:${target.port}/api/usage/meters/${encodeURIComponent(customer)}`, {
    method: setting ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${target.adminKey}`, 'content-type': 'application/json' },
    ...(setting ? { body: JSON.stringify(setting) } : {}),
  })
