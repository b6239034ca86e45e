import { ACCOUNT_ROLES, type AccountRole } from './account.ts'

/** What the accounting system calls an account; several roles may stand for one account there. */
export type AccountLabel = { number: string | null; name: string }

/** The label of every role, in the order of the roles. */
export type ChartOfAccounts = ReadonlyMap<AccountRole, AccountLabel>

/** `accounts_receivable` is called "Accounts receivable" until an entity calls it otherwise. */
const defaultName = (role: AccountRole): string =>
  role.charAt(0).toUpperCase() + role.slice(1).replaceAll('_', ' ')

/** The chart of an entity: its own labels, and the default one for each role that it left alone. */
export function chartOf(named: readonly ({ role: AccountRole } & AccountLabel)[]): ChartOfAccounts {
  const labels = new Map(named.map(({ role, number, name }) => [role, { number, name }]))
  return new Map(
    ACCOUNT_ROLES.map((role) => [role, labels.get(role) ?? { number: null, name: defaultName(role) }]),
  )
}

export const DEFAULT_CHART: ChartOfAccounts = chartOf([])

/** The label of a role; every chart has one. */
export const labelOf = (chart: ChartOfAccounts, role: AccountRole): AccountLabel =>
  chart.get(role) ?? { number: null, name: defaultName(role) }
