import { ACCOUNT_ROLES, type AccountRole } from './account.ts'
import type { DimensionRules } from './dimension.ts'

/** What the accounting system calls an account; several roles may stand for one account there. */
export type AccountLabel = { number: string | null; name: string }

/** An account of the chart: its label, and how its postings stand in the dimensions of the accounting system. */
export type ChartAccount = AccountLabel & { dimensions: DimensionRules }

/** The account of every role, in the order of the roles. */
export type ChartOfAccounts = ReadonlyMap<AccountRole, ChartAccount>

/** In the order that most charts have: assets, liabilities, equity, revenue, costs. */
const NUMBERS: Record<AccountRole, string> = {
  cash: '1000',
  bank_clearing: '1010',
  stripe_clearing: '1020',
  crypto_assets: '1030',
  manual_clearing: '1040',
  accounts_receivable: '1200',
  advances_not_due: '1205',
  unbilled_receivable: '1210',
  contract_asset: '1220',
  disputes_receivable: '1230',
  contract_position: '2400',
  customer_credit: '2410',
  unapplied_cash: '2420',
  deposit_liability: '2430',
  refund_liability: '2440',
  tax_payable: '2500',
  opening_balance: '3000',
  revenue: '4000',
  revenue_discount: '4100',
  processor_fees: '6000',
  bank_fees: '6010',
  network_fees: '6020',
  bad_debt_expense: '6100',
  dispute_losses: '6110',
  interest_expense: '7000',
  fx_gain_loss: '7100',
  rounding: '7900',
}

/** `accounts_receivable` is 1200 "Accounts receivable" until an entity calls it otherwise. */
const defaultAccount = (role: AccountRole): ChartAccount => ({
  number: NUMBERS[role],
  name: (role.charAt(0).toUpperCase() + role.slice(1).replaceAll('_', ' ')).replace(/^Fx\b/, 'FX'),
  dimensions: {},
})

/** The chart of an entity: its own accounts, and the default one for each role that it left alone. */
export function chartOf(named: readonly ({ role: AccountRole } & ChartAccount)[]): ChartOfAccounts {
  const accounts = new Map(
    named.map(({ role, number, name, dimensions }) => [role, { number, name, dimensions }]),
  )
  return new Map(ACCOUNT_ROLES.map((role) => [role, accounts.get(role) ?? defaultAccount(role)]))
}

export const DEFAULT_CHART: ChartOfAccounts = chartOf([])

/** The account of a role; every chart has one. */
export const accountIn = (chart: ChartOfAccounts, role: AccountRole): ChartAccount =>
  chart.get(role) ?? defaultAccount(role)

export function labelOf(chart: ChartOfAccounts, role: AccountRole): AccountLabel {
  const { number, name } = accountIn(chart, role)
  return { number, name }
}
