/** The roles of the chart of accounts; names and numbers of an accounting system are mapped onto them. */
export const ACCOUNT_ROLES = [
  'cash',
  'bank_clearing',
  'stripe_clearing',
  'crypto_assets',
  'manual_clearing',
  'accounts_receivable',
  /** Contra to receivables: invoices ahead of service that the customer can still leave without penalty. */
  'advances_not_due',
  /** Work that waits only for its invoice; what waits for more than time is a contract asset. */
  'unbilled_receivable',
  'contract_asset',
  /** Money that a card network took back until a dispute is decided. */
  'disputes_receivable',
  /** Net position of each contract: a contract liability when in credit, an unbilled receivable when in debit. */
  'contract_position',
  'customer_credit',
  'unapplied_cash',
  /** Money taken before there was a contract in the sense of the revenue standard. */
  'deposit_liability',
  /** What is expected to go back to customers. */
  'refund_liability',
  'tax_payable',
  /** Equity: the other side of what was open before these books began. */
  'opening_balance',
  'revenue',
  /** Contra revenue: discounts that are granted at payment. */
  'revenue_discount',
  'processor_fees',
  'bank_fees',
  'network_fees',
  'bad_debt_expense',
  'dispute_losses',
  'interest_expense',
  'fx_gain_loss',
  /** What is left when an exact split cannot be posted; stays zero, or within a unit of each line. */
  'rounding',
] as const

export type AccountRole = (typeof ACCOUNT_ROLES)[number]
