import { describe, expect, it } from 'vitest'
import { runningBalances } from '../../src/ledger/account-statement.ts'
import { chartOf } from '../../src/ledger/chart-of-accounts.ts'
import { exportColumns, exportRows, type NumberedEntry } from '../../src/ledger/journal-export.ts'

const side = { customerRef: 'globex', contractRef: null, invoiceId: 'inv_1', productRef: null }

/** 119.00 billed, of it 19.00 tax, on 31 January; January is locked. */
const entry: NumberedEntry = {
  number: 7,
  id: 'je_7',
  entityRef: 'acme',
  postingDate: '2026-02-01',
  belongsTo: '2026-01-31',
  event: 'invoice_issued',
  sourceId: 'inv_1',
  currency: 'EUR',
  description: 'Invoice 1',
  postings: [
    { account: 'accounts_receivable', amount: 11900n, ...side },
    { account: 'contract_position', amount: -10000n, ...side },
    { account: 'tax_payable', amount: -1900n, ...side },
  ],
}

const charts = new Map([
  [
    'acme',
    chartOf([
      { role: 'accounts_receivable', number: '1200', name: 'Trade debtors' },
      { role: 'contract_position', number: '2400', name: 'Deferred revenue' },
      { role: 'tax_payable', number: '2200', name: 'VAT' },
    ]),
  ],
  ['unnumbered', chartOf([{ role: 'tax_payable', number: null, name: 'VAT' }])],
])

const file = (format: Parameters<typeof exportRows>[0], entries = [entry]) => {
  const columns = exportColumns(format)
  return [columns, ...exportRows(format, entries, charts).map((row) => columns.map((one) => row[one] ?? ''))]
}

const MEMO = 'Invoice 1 (belongs to 2026-01-31)'

describe('the journal in the import form of', () => {
  it('QuickBooks: the month first, blank on the other side, accounts by name', () => {
    expect(file('quickbooks')).toEqual([
      ['JournalNo', 'JournalDate', 'AccountName', 'Debits', 'Credits', 'Description', 'Name', 'Currency'],
      ['7', '02/01/2026', 'Trade debtors', '119.00', '', MEMO, 'globex', 'EUR'],
      ['7', '02/01/2026', 'Deferred revenue', '', '100.00', MEMO, 'globex', 'EUR'],
      ['7', '02/01/2026', 'VAT', '', '19.00', MEMO, 'globex', 'EUR'],
    ])
  })

  it('Xero: the day first, credits below zero, accounts by number', () => {
    expect(file('xero')).toEqual([
      ['*Narration', '*Date', 'Description', '*AccountCode', '*TaxRate', '*Amount'],
      [`7 ${MEMO}`, '01/02/2026', MEMO, '1200', 'Tax Exempt', '119.00'],
      [`7 ${MEMO}`, '01/02/2026', MEMO, '2400', 'Tax Exempt', '-100.00'],
      [`7 ${MEMO}`, '01/02/2026', MEMO, '2200', 'Tax Exempt', '-19.00'],
    ])
  })

  it('NetSuite: the entry as external id, accounts by number and name', () => {
    const line = (account: string, debit: string, credit: string) => [
      'je_7',
      '02/01/2026',
      'acme',
      'EUR',
      MEMO,
      account,
      debit,
      credit,
      MEMO,
      'globex',
    ]
    expect(file('netsuite').slice(1)).toEqual([
      line('1200 Trade debtors', '119.00', ''),
      line('2400 Deferred revenue', '', '100.00'),
      line('2200 VAT', '', '19.00'),
    ])
  })

  it('nobody: all that is known, the day of the event beside the posting date', () => {
    const [first] = exportRows('generic', [entry], charts)
    expect(first).toMatchObject({
      entry_no: '7',
      posting_date: '2026-02-01',
      belongs_to: '2026-01-31',
      account: 'accounts_receivable',
      account_number: '1200',
      account_name: 'Trade debtors',
      debit: '119.00',
      credit: '',
    })
  })

  it('Xero, only where every account has a number', () => {
    expect(() => file('xero', [{ ...entry, entityRef: 'unnumbered' }])).toThrow('has no number')
  })
})

describe('the running balance', () => {
  it('goes on in each currency alone', () => {
    // USD: 50.00 + 30.00 = 80.00, - 10.00 = 70.00. JPY begins with nothing: 5.
    const { lines, closing } = runningBalances(new Map([['USD', 5000n]]), [
      { currency: 'USD', amount: 3000n },
      { currency: 'JPY', amount: 5n },
      { currency: 'USD', amount: -1000n },
    ])
    expect(lines.map(({ balance }) => balance)).toEqual([8000n, 5n, 7000n])
    expect([...closing]).toEqual([
      ['USD', 7000n],
      ['JPY', 5n],
    ])
  })
})
