import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { trialBalance } from '../ledger/ledger.store.ts'
import type { Db } from '../storage/db.store.ts'
import type { Scope } from './ledger-sums.store.ts'

/** The net of one account in each currency, debit positive, at the end of the day. */
export async function accountNet(
  db: Db,
  account: AccountRole,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<Map<string, Minor>> {
  const balances = await trialBalance(db, { asOf, entityRef })
  return new Map(balances.filter((row) => row.account === account).map((row) => [row.currency, row.net]))
}

/** The same with what stands in credit as positive. */
export const credits = (nets: ReadonlyMap<string, Minor>): Map<string, Minor> =>
  new Map([...nets].map(([currency, net]) => [currency, -net]))
