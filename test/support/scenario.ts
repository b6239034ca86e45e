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

export const cents = (amount: string): bigint => BigInt(amount.replace('.', ''))
export const plus = (a: bigint, b: bigint): bigint => a + b

type Posting = Record<'account' | 'debit' | 'credit', string> &
  Record<'invoice_ref' | 'contract_ref' | 'customer_ref', string | null>
type Entry = { postings: Posting[] }

/** What postings come to, in cents, debit positive. */
export const netOf = (postings: Posting[]) =>
  postings.map(({ debit, credit }) => cents(debit) - cents(credit)).reduce(plus, 0n)

/** What a posting opens or settles: an invoice, a contract's position, or what is open with the customer. */
export function itemOf({ account, invoice_ref, contract_ref, customer_ref }: Posting): string {
  if (account === 'accounts_receivable') return `${account} ${invoice_ref}`
  if (account === 'contract_position') return `${account} ${contract_ref}`
  return ['customer_credit', 'disputes_receivable', 'unapplied_cash'].includes(account)
    ? `${account} ${customer_ref}`
    : ''
}

/** The whole journal, in one currency or in the functional one. */
export async function allEntries(currency: string, cursor?: string): Promise<Entry[]> {
  const next = cursor === undefined ? '' : `&cursor=${cursor}`
  const page = await ok('GET', `/api/ledger/entries?limit=100&currency=${currency}${next}`)
  return page.next_cursor === null
    ? page.data
    : [...page.data, ...(await allEntries(currency, page.next_cursor))]
}
