import { describe, expect, it } from 'vitest'
import { runningBalances } from '../../src/ledger/account-statement.ts'
import { chartOf } from '../../src/ledger/chart-of-accounts.ts'
import type { DimensionRules } from '../../src/ledger/dimension.ts'
import { type ExportFormat, fileOf, type NumberedEntry } from '../../src/ledger/export-form.ts'
import { journalFile } from '../../src/ledger/journal-export.ts'

const side: Record<'customerRef' | 'contractRef' | 'invoiceId' | 'productRef', string | null> = {
  customerRef: 'globex',
  contractRef: null,
  invoiceId: 'inv_1',
  productRef: null,
}

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
  reverses: 'je_6',
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
      { role: 'accounts_receivable', number: '1200', name: 'Trade debtors', dimensions: {} },
      { role: 'contract_position', number: '2400', name: 'Deferred revenue', dimensions: {} },
      { role: 'tax_payable', number: '2200', name: 'VAT', dimensions: {} },
    ]),
  ],
  ['unnumbered', chartOf([{ role: 'tax_payable', number: null, name: 'VAT', dimensions: {} }])],
])

const customerNames = new Map([['globex', 'Globex GmbH']])

const file = (format: ExportFormat, entries = [entry], of = charts, taxRate = 'Tax Exempt') => {
  const { columns, rows } = journalFile(format, entries, {
    charts: of,
    customerFields,
    customerNames,
    taxRate,
  })
  return [columns, ...rows.map((row) => columns.map((one) => row[one] ?? ''))]
}

/** Globex is of the region EMEA. */
const customerFields = new Map([['globex', { region: 'EMEA' }]])

const MEMO = 'Invoice 1 (belongs to 2026-01-31)'

describe('the journal in the import form of', () => {
  it('QuickBooks: the month first, blank on the other side, accounts and customers by name', () => {
    expect(file('quickbooks')).toEqual([
      ['JournalNo', 'JournalDate', 'AccountName', 'Debits', 'Credits', 'Description', 'Name', 'Currency'],
      ['7', '02/01/2026', 'Trade debtors', '119.00', '', MEMO, 'Globex GmbH', 'EUR'],
      ['7', '02/01/2026', 'Deferred revenue', '', '100.00', MEMO, 'Globex GmbH', 'EUR'],
      ['7', '02/01/2026', 'VAT', '', '19.00', MEMO, 'Globex GmbH', 'EUR'],
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

  it('Xero, with the name that its region has for lines without tax', () => {
    expect(file('xero', [entry], charts, 'No VAT')[1]?.[4]).toBe('No VAT')
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
      'Globex GmbH',
    ]
    expect(file('netsuite').slice(1)).toEqual([
      line('1200 Trade debtors', '119.00', ''),
      line('2400 Deferred revenue', '', '100.00'),
      line('2200 VAT', '', '19.00'),
    ])
  })

  it('nobody: all that is known, the day of the event beside the posting date', () => {
    const books = { charts, customerFields, customerNames, taxRate: 'Tax Exempt' }
    const { rows } = journalFile('generic', [entry], books)
    expect(rows[0]).toMatchObject({
      entry_no: '7',
      posting_date: '2026-02-01',
      belongs_to: '2026-01-31',
      reverses: 'je_6',
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

describe('fileOf', () => {
  const many = (count: number, lines: number): NumberedEntry[] =>
    Array.from({ length: count }, (_, place) => ({
      ...entry,
      number: place + 1,
      postings: Array.from({ length: lines }, () => entry.postings[0]!),
    }))

  it.each<[string, ExportFormat, NumberedEntry[], number]>([
    ['all that a format takes', 'xero', many(100, 3), 100],
    // 101 entries of 3 lines are 303, and 300 are taken.
    ['no more lines than Xero takes', 'xero', many(101, 3), 100],
    ['no more lines than QuickBooks takes', 'quickbooks', many(400, 3), 333],
    ['an entry that is larger alone', 'xero', many(2, 301), 1],
    ['nothing of nothing', 'xero', [], 0],
  ])('holds %s', (_, format, entries, held) => {
    expect(fileOf(format, entries)).toHaveLength(held)
  })
})

describe('dimensions', () => {
  const REGION = { from: 'customer_field', field: 'region', otherwise: 'Other' } as const
  const BY_PRODUCT = { from: 'product_ref', values: { seats: 'SaaS' }, otherwise: 'Usage' } as const

  /** Revenue of 9.50 with a product, from `acme`, whose account of revenue has these dimensions. */
  const earned = (format: ExportFormat, dimensions: DimensionRules, posting: Partial<typeof side> = {}) => {
    const own = chartOf([{ role: 'revenue', number: '4000', name: 'Sales', dimensions }])
    const revenue = { account: 'revenue' as const, amount: -950n, ...side, ...posting }
    const cash = { account: 'cash' as const, amount: 950n, ...side }
    return file(format, [{ ...entry, postings: [cash, revenue] }], new Map([['acme', own]])).map((row) =>
      row.slice({ generic: 19, quickbooks: 8, xero: 6, netsuite: 10 }[format]),
    )
  }

  it.each<[string, ExportFormat, DimensionRules, string[][]]>([
    [
      'stand in Class and Location of QuickBooks',
      'quickbooks',
      { Location: REGION, Class: 'Services' },
      [
        ['Class', 'Location'],
        ['', ''],
        ['Services', 'EMEA'],
      ],
    ],
    [
      'stand in the tracking categories of Xero, each in its place',
      'xero',
      { Team: 'Sales', Region: REGION },
      [
        ['TrackingName1', 'TrackingOption1', 'TrackingName2', 'TrackingOption2'],
        ['', '', '', ''],
        ['Region', 'EMEA', 'Team', 'Sales'],
      ],
    ],
    [
      'stand in the segments of NetSuite by name',
      'netsuite',
      { Department: 'Billing', 'Cost centre': { from: 'contract_ref', otherwise: 'None' } },
      [
        ['Cost centre', 'Department'],
        ['', ''],
        ['None', 'Billing'],
      ],
    ],
    [
      'are columns of the generic file',
      'generic',
      { Customer: { from: 'customer_ref' }, Invoice: { from: 'invoice_ref' }, Line: BY_PRODUCT },
      [
        ['dimension:Customer', 'dimension:Invoice', 'dimension:Line'],
        ['', '', ''],
        ['globex', 'inv_1', 'Usage'],
      ],
    ],
  ])('%s', (_, format, dimensions, rows) => {
    expect(earned(format, dimensions)).toEqual(rows)
  })

  it.each<[string, DimensionRules[string], Partial<typeof side>, string]>([
    ['a value that is called otherwise', BY_PRODUCT, { productRef: 'seats' }, 'SaaS'],
    ['a value that is not named', BY_PRODUCT, { productRef: 'api' }, 'Usage'],
    ['a name that every object has', BY_PRODUCT, { productRef: 'constructor' }, 'Usage'],
    ['an unnamed value, without another', { from: 'product_ref', values: {} }, { productRef: 'api' }, 'api'],
    ['a customer without the field', REGION, { customerRef: 'initech' }, 'Other'],
    ['nothing at all', { from: 'product_ref' }, {}, ''],
  ])('take %s', (_, rule, posting, value) => {
    expect(earned('generic', { Of: rule }, posting)[2]).toEqual([value])
  })

  it.each<[ExportFormat, DimensionRules, string]>([
    ['quickbooks', { Region: 'EMEA' }, 'takes no "Region"'],
    ['xero', { A: 'a', B: 'b', C: 'c' }, 'these are 3: A, B, C'],
    ['netsuite', { Memo: 'x' }, '"Memo" is a column'],
  ])('are refused where %s has no place for them', (format, dimensions, said) => {
    expect(() => earned(format, dimensions)).toThrow(said)
  })

  it('have the same columns in a file without lines', () => {
    const own = chartOf([{ role: 'revenue', number: '4000', name: 'Sales', dimensions: { Class: 'A' } }])
    expect(file('quickbooks', [], new Map([['acme', own]]))[0]?.at(-1)).toBe('Class')
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
