import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { AccountRole } from '../../ledger/account.ts'

type DealAccount =
  | Extract<AccountRole, 'bank_clearing' | 'accounts_receivable' | 'contract_position' | 'revenue'>
  | 'deposit_liability'

/** One side of an entry: debit positive, credit negative; minor units. */
export type DealPosting = { account: DealAccount; amount: Minor; key?: string }

type DealEvent =
  | 'invoice_issued'
  | 'payment_received'
  | 'deposit_received'
  | 'deposit_kept'
  | 'criteria_met'
  | 'revenue_recognised'
  | 'revenue_adjusted'

export type DealEntry = { date: LocalDate; event: DealEvent; description: string; postings: DealPosting[] }
