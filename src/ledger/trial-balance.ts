import { formatMoney, type Minor } from '../kernel/money.ts'
import { ACCOUNT_ROLES, type AccountRole } from './account.ts'

/** The net of all postings to one account in one currency, minor units: debit positive, credit negative. */
export type AccountBalance = { account: AccountRole; currency: string; net: Minor }

/** Debit and credit columns, decimal strings in major units. */
export type Sides = { debit: string; credit: string }

export type TrialBalance = {
  accounts: ({ account: AccountRole; currency: string } & Sides)[]
  totals: ({ currency: string } & Sides)[]
  /** True when in every currency the two columns have the same total. */
  balanced: boolean
}

/**
 * Lays out account balances in the order of the chart of accounts: each net stands in one of the two columns, and the
 * columns are totalled for each currency, since amounts of different currencies never add up.
 */
export function trialBalanceOf(balances: readonly AccountBalance[]): TrialBalance {
  const ordered = [...balances].sort(
    (a, b) => places.get(a.account)! - places.get(b.account)! || (a.currency < b.currency ? -1 : 1),
  )
  const currencies = [...new Set(ordered.map((balance) => balance.currency))].sort()
  const totals = currencies.map((currency) => totalOf(ordered, currency))
  return {
    accounts: ordered.map(({ account, currency, net }) => ({ account, currency, ...sidesOf(net, currency) })),
    totals: totals.map(({ currency, debit, credit }) => ({
      currency,
      debit: formatMoney(debit, currency),
      credit: formatMoney(credit, currency),
    })),
    balanced: totals.every(({ debit, credit }) => debit === credit),
  }
}

/** Writes a signed amount into the debit or the credit column. */
export const sidesOf = (net: Minor, currency: string): Sides => ({
  debit: formatMoney(net > 0n ? net : 0n, currency),
  credit: formatMoney(net < 0n ? -net : 0n, currency),
})

const places = new Map<AccountRole, number>(ACCOUNT_ROLES.map((role, place) => [role, place]))

function totalOf(balances: readonly AccountBalance[], currency: string) {
  const total = { currency, debit: 0n, credit: 0n }
  for (const balance of balances) {
    if (balance.currency !== currency) continue
    if (balance.net > 0n) total.debit += balance.net
    else total.credit -= balance.net
  }
  return total
}
