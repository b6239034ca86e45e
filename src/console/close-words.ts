import type { CheckCode } from '../closing/checklist/checklist.ts'
import type { PeriodStatus } from '../ledger/accounting-period.ts'
import type { StatusLook } from '../web/status.tsx'

/** What is checked, and what is to be done where it is open. */
export const CHECK_WORDS: Record<CheckCode, readonly [title: string, todo: string]> = {
  cycles_to_bill: [
    'Billing cycles that ended',
    'The next run bills them; look for a contract that it cannot bill.',
  ],
  usage_without_contract: [
    'Usage that no contract bills',
    'Set up the customers and products that were heard of.',
  ],
  corrections_held_back: [
    'Corrections that found no invoice',
    'They go on the next invoice that can take them.',
  ],
  events_not_posted: ['Documents without an entry', 'A fault: each document is posted with itself.'],
  lines_without_schedule: ['Lines without a revenue schedule', 'The next recognition run schedules them.'],
  revenue_not_posted: ['Revenue that is due and not posted', 'The next recognition run posts it.'],
  unapplied_cash: ['Money that no invoice took', 'Match it, or pay it back.'],
  accruals_not_made: [
    'Service that is on no invoice yet is not accrued',
    'The run of the night accrues it; a lock does, too.',
  ],
  positions_not_presented: [
    'Positions that are not as the balance sheet has them',
    'Closing entries post them, and take them back on the next day.',
  ],
  fx_not_measured: [
    'Entries and balances without a rate in the functional currency',
    'Import the rates of the month.',
  ],
  fx_not_remeasured: [
    'Open balances that are not at the closing rate',
    'Import the rate of the last day; closing entries remeasure them.',
  ],
  effects_failed: [
    'Mails, charges and messages that failed',
    'See what went wrong on the overview, mend it, and send them again.',
  ],
  receivables: ['Open invoices = accounts receivable', 'Look for entries on the account without a document.'],
  positions: ['Contracts = contract position', 'Look for entries on the account without a contract.'],
  billed: ['Billed = recognised + contract position', 'Look for contracts whose position is not explained.'],
  customer_credit: [
    'Unused paid credit = customer credit',
    'A fault: each grant, use and refund posts what it costs.',
  ],
  stripe_clearing: [
    'Card payments less fees and payouts = Stripe clearing',
    'Look for entries on the account that are no payment, refund, dispute, fee or payout.',
  ],
  trial_balance: ['Debits = credits', 'A fault: every entry balances.'],
}

export const PERIOD_LOOKS: Record<PeriodStatus, StatusLook> = {
  open: { word: 'Open', shape: 'ring', tone: 'info' },
  soft_locked: { word: 'Soft-locked', shape: 'half', tone: 'warn' },
  locked: { word: 'Locked', shape: 'check', tone: 'good' },
}
