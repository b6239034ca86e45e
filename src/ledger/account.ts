/** The roles of the chart of accounts; names and numbers of an accounting system are mapped onto them. */
export const ACCOUNT_ROLES = [
  'bank_clearing',
  'stripe_clearing',
  'crypto_assets',
  'manual_clearing',
  'accounts_receivable',
  /** Net position of each contract: a contract liability when in credit, an unbilled receivable when in debit. */
  'contract_position',
  'customer_credit',
  'unapplied_cash',
  'tax_payable',
  /** Equity: the other side of what was open before these books began. */
  'opening_balance',
  'revenue',
  'processor_fees',
] as const

export type AccountRole = (typeof ACCOUNT_ROLES)[number]
