import { formatMoney, type Minor } from '../kernel/money.ts'
import type { Db } from '../storage/db.store.ts'

/** What a message says of a thing, under the names that the API has for it. `path` is where the API shows it whole. */
export type Subject = { id: string; entityRef: string | null; data: Readonly<Record<string, unknown>> }

/** Reads things of one kind by their ids. */
export type Read = (db: Db, ids: readonly string[]) => Promise<Subject[]>

export const money = (amount: Minor, currency: string) => ({
  currency,
  amount: formatMoney(amount, currency),
})
