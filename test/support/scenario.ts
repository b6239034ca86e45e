import { expect } from 'vitest'
import { api } from './worker.ts'

/** Calls the API and answers the JSON; a refusal ends the story. */
export async function ok(method: string, path: string, body?: unknown) {
  const answer = await api(method, path, { body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

/** Moves the sandbox clock to the beginning of a day, or to an instant. */
export const moveTo = (when: string) =>
  ok('POST', '/api/sandbox/clock', { advance_to: when.length === 10 ? `${when}T00:00:00Z` : when })

/** Accounts with what stands on them, in debit positive, as text; those at zero are left out. */
export async function balances(query = ''): Promise<Record<string, string>> {
  const { accounts, balanced } = await ok('GET', `/api/ledger/trial-balance?${query}`)
  expect(balanced).toBe(true)
  const rows = accounts.map(({ account, debit, credit }: Record<string, string>) => [
    account,
    Number(credit) === 0 ? debit : `-${credit}`,
  ])
  return Object.fromEntries(rows.filter(([, amount]: [string, string]) => Number(amount) !== 0))
}
