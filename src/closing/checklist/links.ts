import { addDays, addMonths } from '../../kernel/calendar.ts'
import type { CheckCode } from './checklist.ts'

type Month = { entity_ref: string; month: string }

/** The page of the console on which an item of a close is dealt with. */
export function checkPath(code: CheckCode, { entity_ref, month }: Month): string {
  const to = addDays(addMonths(`${month}-01`, 1), -1)
  const journal = (account: string) => `/console/journal?${new URLSearchParams({ account, entity_ref, to })}`
  switch (code) {
    case 'cycles_to_bill':
    case 'corrections_held_back':
      return '/console/contracts'
    case 'usage_without_contract':
    case 'effects_failed':
      return '/console'
    case 'events_not_posted':
      return '/console/invoices'
    case 'lines_without_schedule':
    case 'revenue_not_posted':
    case 'accruals_not_made':
      return `/console/reports?report=waterfall&as_of=${to}`
    case 'unapplied_cash':
      return '/console/payments?show=unapplied'
    case 'fx_not_measured':
    case 'fx_not_remeasured':
    case 'trial_balance':
      return `/console/trial-balance?as_of=${to}`
    case 'receivables':
      return `/console/reports?report=ageing&as_of=${to}`
    case 'positions':
    case 'positions_not_presented':
      return journal('contract_position')
    case 'customer_credit':
      return journal('customer_credit')
    case 'stripe_clearing':
      return journal('stripe_clearing')
    case 'billed':
      return `/console/reports?report=balances&as_of=${to}`
  }
}
