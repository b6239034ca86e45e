import { addDays, addMonths, type LocalDate } from '../../src/kernel/calendar.ts'
import { ENTITY, OPEN_MONTH, TODAY } from './company.ts'

/** What people and programs ask, by name: a path of the API or of the console. */
export type Question = readonly [name: string, path: string]

const REPORTS = [
  'ageing',
  'cash',
  'mrr',
  'days',
  'groups',
  'waterfall',
  'earlier',
  'rollforward',
  'balances',
  'unbilled',
  'deferred',
  'rpo',
  'tax',
]

/** A day in the month before the last that was closed. */
const past = (today: LocalDate): LocalDate => addMonths(addDays(today, -1), -3)

export const QUESTIONS: readonly Question[] = [
  ...REPORTS.map((name): Question => [`report ${name}`, `/console/reports?report=${name}&as_of=${TODAY}`]),
  ...['ageing', 'balances', 'rpo'].map(
    (name): Question => [
      `report ${name}, 3 months ago`,
      `/console/reports?report=${name}&as_of=${past(TODAY)}`,
    ],
  ),
  ['close checklist', `/api/accounting-periods/${OPEN_MONTH}/checklist?entity_ref=${ENTITY}`],
  ['trial balance', `/api/ledger/trial-balance?entity_ref=${ENTITY}`],
  ['trial balance, 3 months ago', `/api/ledger/trial-balance?entity_ref=${ENTITY}&as_of=${past(TODAY)}`],
  ['statement of receivables', `/api/ledger/accounts/accounts_receivable/entries?from=${past(TODAY)}`],
  ['statement of revenue', `/api/ledger/accounts/revenue/entries?entity_ref=${ENTITY}`],
  ['journal', '/api/ledger/entries'],
  ['journal of a contract', '/console/journal?contract_ref=contract-1-1'],
  ['journal of a customer', '/console/journal?customer_ref=customer-1-1'],
  ['journal of receivables', `/console/journal?account=accounts_receivable&to=${TODAY}`],
  ['start page', '/console'],
  ['customers', '/console/customers'],
  ['a customer', '/console/customers/customer-1-1'],
  ['contracts', '/console/contracts'],
  ['a contract', '/console/contracts/contract-1-1'],
  ['invoices', '/console/invoices'],
  ['open invoices', '/console/invoices?state=open'],
  ['partly paid invoices', '/console/invoices?state=partly_paid'],
  ['paid invoices', '/console/invoices?state=paid'],
  ['invoices of a contract', '/api/invoices?contract_ref=contract-1-1'],
  ['an invoice', '/console/invoices/INV000001-1'],
  ['payments', '/console/payments'],
  ['unapplied payments', '/console/payments?show=unapplied'],
  ['close page', `/console/close?month=${OPEN_MONTH}`],
  ['usage page', '/console/customers/customer-8-1/events'],
  ['schedule', '/api/revenue/schedule?contract_ref=contract-1-1'],
  ['waterfall of a year', '/api/revenue/waterfall?from=2025-11&to=2026-10'],
  ['revenue contracts', '/api/revenue/contracts'],
]
