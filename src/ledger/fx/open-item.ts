import type { AccountRole } from '../account.ts'
import type { Book, Dimensions, JournalEntry } from '../journal-entry.ts'

/**
 * The accounts that a contract position is shown on at the end of a month. What they take over from it keeps the amount
 * that it is carried at: showing a balance elsewhere is no gain.
 */
export const PRESENTED = [
  'advances_not_due',
  'unbilled_receivable',
  'contract_asset',
  'deposit_liability',
  'refund_liability',
] as const satisfies readonly AccountRole[]

export type PresentedAccount = (typeof PRESENTED)[number]

/**
 * What a balance of an account is kept by, so that it leaves the books at the amount it came in with. Accounts that are
 * not named (money in clearing, income, expenses) are measured at the rate of the day, each movement for itself.
 */
const KEPT_BY: Partial<Record<AccountRole, keyof Dimensions>> = {
  accounts_receivable: 'invoiceId',
  tax_payable: 'invoiceId',
  contract_position: 'contractRef',
  unbilled_receivable: 'contractRef',
  contract_asset: 'contractRef',
  advances_not_due: 'contractRef',
  unapplied_cash: 'paymentId',
  customer_credit: 'customerRef',
  refund_liability: 'customerRef',
  deposit_liability: 'customerRef',
  disputes_receivable: 'customerRef',
}

/**
 * Monetary items, which a period ends with at its closing rate (IAS 21.23, ASC 830-20-35). Contract liabilities are not
 * among them (IFRIC 22): a contract position counts while it is in debit. Advances that are not due take the closing
 * rate as the receivables do that they stand against: together they are nothing. What stands at Stripe is a receivable
 * until it is paid out, and all of it is known here. Other clearing accounts and taxes are settled, and so remeasured,
 * where the bank accounts are kept; crypto assets stay at their fair value on receipt.
 */
export const MONETARY: readonly AccountRole[] = [
  'accounts_receivable',
  'contract_position',
  'unapplied_cash',
  'customer_credit',
  'disputes_receivable',
  'stripe_clearing',
  ...PRESENTED,
]

/** The books that an open item stands in. */
type ItemBooks = Pick<JournalEntry, 'book' | 'entityRef' | 'currency'>

/** The open item that a posting moves; null where its account keeps none. */
export function itemOf(
  books: ItemBooks,
  posting: { account: AccountRole } & { [Name in keyof Dimensions]?: string | null | undefined },
): string | null {
  const dimension = KEPT_BY[posting.account]
  return dimension === undefined ? null : openItem(books, posting.account, posting[dimension] ?? '')
}

/** The open item of an account with a contract, an invoice, whatever the account is kept by. */
export const openItem = (
  { book, entityRef, currency }: ItemBooks,
  account: AccountRole,
  keptBy: string,
): string => JSON.stringify([book, entityRef, currency, account, keptBy])

/** The same read back. */
export function itemParts(item: string): ItemBooks & { account: AccountRole; keptBy: string } {
  const [book, entityRef, currency, account, keptBy] = JSON.parse(item) as [
    Book,
    string,
    string,
    AccountRole,
    string,
  ]
  return { book, entityRef, currency, account, keptBy }
}
