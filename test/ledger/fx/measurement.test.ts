import { describe, expect, it } from 'vitest'
import { credit, debit } from '../../../src/ledger/journal-entry.ts'
import { balanceOn, closed, eurUsd, measured, of, posted } from './foreign-books.ts'

const shown = (lines: ReturnType<typeof measured>) =>
  lines.map(({ account, amount, functionalAmount }) => [account, amount, functionalAmount])

/** An invoice of 1,000.00 EUR and 190.00 EUR tax. */
const invoice = (date: string, id: string) =>
  posted(date, id, [
    debit('accounts_receivable', 119_000n, of(id)),
    credit('contract_position', 100_000n, of(id)),
    credit('tax_payable', 19_000n, of(id)),
  ])

const paid = (date: string, id: string, amount: bigint) => [
  posted(date, `received ${id} ${date}`, [
    debit('bank_clearing', amount, {}),
    credit('unapplied_cash', amount, { paymentId: `p ${id} ${date}` }),
  ]),
  posted(date, `applied ${id} ${date}`, [
    debit('unapplied_cash', amount, { paymentId: `p ${id} ${date}` }),
    credit('accounts_receivable', amount, of(id)),
  ]),
]

const revenue = (date: string, id: string, amount: bigint) =>
  posted(date, `revenue ${id} ${date}`, [
    debit('contract_position', amount, of(id)),
    credit('revenue', amount, of(id)),
  ])

describe('what is measured at the rate of the day', () => {
  it('balances in both currencies, each line within one unit', () => {
    // The running total at 1.11: 333.33 are 370.00 (369.9963), then 222.22 are 246.66 (246.6642), then 111.11 are
    // 123.33 (123.3321), then nothing is left: falls of 123.34, 123.33 and 123.33.
    const entry = posted('2026-01-05', 'i', [
      debit('accounts_receivable', 33_333n, of('i')),
      credit('contract_position', 11_111n, of('i')),
      credit('contract_position', 11_111n, of('i')),
      credit('contract_position', 11_111n, of('i')),
    ])
    expect(shown(measured([entry], eurUsd({ '2026-01-05': '1.11' })))).toEqual([
      ['accounts_receivable', 33_333n, 37_000n],
      ['contract_position', -11_111n, -12_334n],
      ['contract_position', -11_111n, -12_333n],
      ['contract_position', -11_111n, -12_333n],
    ])
  })

  it('waits, and all that comes after it, for a rate that is not known', () => {
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-03-05': '1.20' })
    const entries = [invoice('2026-01-05', 'a'), invoice('2026-02-05', 'b'), invoice('2026-03-05', 'c')]
    expect(measured(entries, rates).map(({ date }) => date)).toEqual(Array(3).fill('2026-01-05'))
  })
})

describe('settlement', () => {
  it('clears the receivable at what it is carried at; the difference is a gain', () => {
    // 1,190.00 at 1.10 are 1,309.00, at 1.15 are 1,368.50: a gain of 59.50.
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.15' })
    const lines = measured([invoice('2026-01-05', 'i'), ...paid('2026-02-05', 'i', 119_000n)], rates)
    expect(shown(lines).slice(3)).toEqual([
      ['bank_clearing', 119_000n, 136_850n],
      ['unapplied_cash', -119_000n, -136_850n],
      ['unapplied_cash', 119_000n, 136_850n],
      ['accounts_receivable', -119_000n, -130_900n],
      ['fx_gain_loss', 0n, -5_950n],
    ])
  })

  it('takes of each part its share, and of the last all that is left', () => {
    // 10.00 EUR at 1.1115 are 11.115, rounded 11.12. Thirds: 3.33 of 10.00 are 3.70 (3.70296), 3.33 of the 6.67 left
    // are 3.70 of 7.42 (3.7044), and 3.34 take the 3.72 that are left.
    const rates = eurUsd({ '2026-01-05': '1.1115' })
    const opened = posted('2026-01-05', 'o', [
      debit('accounts_receivable', 1_000n, of('i')),
      credit('opening_balance', 1_000n, of('i')),
    ])
    const parts = [333n, 333n, 334n].map((part, place) =>
      posted('2026-01-05', `part ${place}`, [
        debit('manual_clearing', part),
        credit('accounts_receivable', part, of('i')),
      ]),
    )
    const settled = measured([opened, ...parts], rates).filter(
      ({ account, amount }) => account === 'accounts_receivable' && amount < 0n,
    )
    expect(settled.map(({ functionalAmount }) => functionalAmount)).toEqual([-370n, -370n, -372n])
  })

  it('is undone with every amount that it had', () => {
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.15', '2026-02-25': '1.30' })
    const [received, applied] = paid('2026-02-05', 'i', 119_000n)
    const undone = posted(
      '2026-02-25',
      'undone',
      [
        debit('accounts_receivable', 119_000n, of('i')),
        credit('unapplied_cash', 119_000n, { paymentId: 'p i 2026-02-05' }),
      ],
      applied!.id,
    )
    const before = measured([invoice('2026-01-05', 'i'), received!], rates)
    const after = measured([invoice('2026-01-05', 'i'), received!, applied!, undone], rates)
    for (const account of ['accounts_receivable', 'unapplied_cash', 'fx_gain_loss'] as const) {
      expect([account, balanceOn(after, account)]).toEqual([account, balanceOn(before, account)])
    }
  })
})

describe('revenue', () => {
  it('of an advance has the rate of the advance, whatever the rate is when it is earned', () => {
    // 1,000.00 at 1.10: 250.00 are 275.00, and 750.00 are 825.00.
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.30', '2026-03-05': '0.90' })
    const lines = measured(
      [invoice('2026-01-05', 'i'), revenue('2026-02-05', 'i', 25_000n), revenue('2026-03-05', 'i', 75_000n)],
      rates,
    )
    expect(shown(lines).filter(([account]) => account === 'revenue')).toEqual([
      ['revenue', -25_000n, -27_500n],
      ['revenue', -75_000n, -82_500n],
    ])
    expect([balanceOn(lines, 'contract_position'), balanceOn(lines, 'fx_gain_loss')]).toEqual([0n, 0n])
  })

  it('of an advance that is taken back returns at the rate of the advance', () => {
    // Of 1,000.00 at 1.10 250.00 are earned; 100.00 of them are taken back while the rate is 1.30, and earned later.
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.30' })
    const earned = ['2026-01-31', '2026-02-05', '2026-02-28'] as const
    const lines = measured(
      [
        invoice('2026-01-05', 'i'),
        ...[25_000n, -10_000n, 85_000n].map((amount, place) => revenue(earned[place]!, 'i', amount)),
      ],
      rates,
    )
    expect(shown(lines).filter(([account]) => account === 'revenue')).toEqual([
      ['revenue', -25_000n, -27_500n],
      ['revenue', 10_000n, 11_000n],
      ['revenue', -85_000n, -93_500n],
    ])
    expect([balanceOn(lines, 'contract_position'), balanceOn(lines, 'fx_gain_loss')]).toEqual([0n, 0n])
  })

  it('of several advances is weighted', () => {
    // 1,000.00 at 1.10 and 1,000.00 at 1.20 are 2,300.00 for 2,000.00: 500.00 are 575.00.
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.20' })
    const again = posted('2026-02-05', 'second', [
      debit('accounts_receivable', 100_000n, of('second')),
      credit('contract_position', 100_000n, of('i')),
    ])
    const lines = measured([invoice('2026-01-05', 'i'), again, revenue('2026-02-05', 'i', 50_000n)], rates)
    expect(balanceOn(lines, 'revenue')).toBe(-57_500n)
  })

  it('before its invoice has the rate of its day; the invoice brings the difference', () => {
    // 1,000.00 earned at 1.11 are 1,110.00; invoiced at 1.16 the receivable is 1,160.00: a gain of 50.00.
    const rates = eurUsd({ '2026-01-15': '1.11', '2026-02-05': '1.16' })
    const billed = posted('2026-02-05', 'i', [
      debit('accounts_receivable', 100_000n, of('i')),
      credit('contract_position', 100_000n, of('i')),
    ])
    const lines = measured([revenue('2026-01-15', 'i', 100_000n), billed], rates)
    expect(shown(lines)).toEqual([
      ['contract_position', 100_000n, 111_000n],
      ['revenue', -100_000n, -111_000n],
      ['accounts_receivable', 100_000n, 116_000n],
      ['contract_position', -100_000n, -111_000n],
      ['fx_gain_loss', 0n, -5_000n],
    ])
  })
})

it('credit that was bought in advance settles a receivable, and the unused part is revenue at its own rate', () => {
  // 1,000.00 bought at 1.10 are carried at 1,100.00. They settle 900.00 that were invoiced at 1.20, 1,080.00, and the 100.00
  // that lapse are 110.00 of revenue: a loss of 90.00, which is 900.00 x (1.20 - 1.10).
  const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.20', '2026-03-05': '1.50' })
  const customer = { customerRef: 'c' }
  const lines = measured(
    [
      posted('2026-01-05', 'bought', [
        debit('cash', 100_000n),
        credit('customer_credit', 100_000n, customer),
      ]),
      posted('2026-02-05', 'i', [
        debit('accounts_receivable', 90_000n, of('i')),
        credit('contract_position', 90_000n, of('i')),
      ]),
      posted('2026-03-05', 'used', [
        debit('customer_credit', 100_000n, customer),
        credit('accounts_receivable', 90_000n, of('i')),
        credit('revenue', 10_000n, customer),
      ]),
    ],
    rates,
  )
  expect(shown(lines).slice(4)).toEqual([
    ['customer_credit', 100_000n, 110_000n],
    ['accounts_receivable', -90_000n, -108_000n],
    ['revenue', -10_000n, -11_000n],
    ['fx_gain_loss', 0n, 9_000n],
  ])
})

it('a credit note takes revenue and tax back at the rate of the invoice', () => {
  // 119.00 of a receivable carried at 1.10 are 130.90: 110.00 revenue and 20.90 tax, whatever the rate is by then.
  const rates = eurUsd({ '2026-01-05': '1.10', '2026-02-05': '1.50' })
  const note = posted('2026-02-05', 'note', [
    debit('revenue', 10_000n, of('i')),
    debit('tax_payable', 1_900n, of('i')),
    credit('accounts_receivable', 11_900n, of('i')),
  ])
  expect(shown(measured([invoice('2026-01-05', 'i'), note], rates)).slice(3)).toEqual([
    ['revenue', 10_000n, 11_000n],
    ['tax_payable', 1_900n, 2_090n],
    ['accounts_receivable', -11_900n, -13_090n],
  ])
})

describe('the close of a month', () => {
  it('remeasures a contract asset: revenue 3,390.00, exchange gain 90.00', () => {
    // 1,000.00 EUR each month at 1.11, 1.13 and 1.15; closing rates 1.12, 1.14 and 1.16.
    // January 1,000 x 0.01; February 1,000 x 0.02 + 1,000 x 0.01; March 2,000 x 0.02 + 1,000 x 0.01: 10 + 30 + 50.
    const rates = eurUsd({
      '2026-01-15': '1.11',
      '2026-01-31': '1.12',
      '2026-02-15': '1.13',
      '2026-02-28': '1.14',
      '2026-03-15': '1.15',
      '2026-03-31': '1.16',
    })
    const entries = ['2026-01-15', '2026-02-15', '2026-03-15'].map((date) => revenue(date, 'i', 100_000n))
    const months = ['2026-01', '2026-02', '2026-03']
    const lines = months.reduce((all, month) => closed(all, month, rates), measured(entries, rates))
    const gains = ['2026-01-31', '2026-02-28', '2026-03-31'].map((end) =>
      balanceOn(lines, 'fx_gain_loss', end),
    )
    expect(gains).toEqual([-1_000n, -4_000n, -9_000n])
    expect(balanceOn(lines, 'revenue')).toBe(-339_000n)
    // 3,000.00 at 1.16.
    expect(balanceOn(lines, 'contract_position', '2026-03-31')).toBe(348_000n)
  })

  it('leaves a contract liability at the rate of its advance', () => {
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-01-31': '1.20' })
    const lines = closed(measured([invoice('2026-01-05', 'i')], rates), '2026-01', rates)
    expect(balanceOn(lines, 'contract_position', '2026-01-31')).toBe(-110_000n)
    // 1,190.00 at 1.20. The tax is remeasured where it is paid.
    expect(balanceOn(lines, 'accounts_receivable', '2026-01-31')).toBe(142_800n)
    expect(balanceOn(lines, 'tax_payable', '2026-01-31')).toBe(-20_900n)
  })

  it('names the invoice of each receivable that it takes to the closing rate', () => {
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-01-20': '1.15', '2026-01-31': '1.20' })
    const entries = [invoice('2026-01-05', 'i'), invoice('2026-01-20', 'j')]
    const gains = closed(measured(entries, rates), '2026-01', rates)
      .filter(
        ({ account, amount, date }) =>
          account === 'accounts_receivable' && amount === 0n && date < '2026-02-01',
      )
      .map(({ invoiceId, functionalAmount }) => [invoiceId, functionalAmount])
    // 1,190.00 x (1.20 - 1.10) = 119.00 and 1,190.00 x (1.20 - 1.15) = 59.50.
    expect(gains).toEqual([
      ['i', 11_900n],
      ['j', 5_950n],
    ])
  })

  it('repeated, changes nothing; after a late entry, adds what it brings', () => {
    const rates = eurUsd({ '2026-01-05': '1.10', '2026-01-31': '1.20' })
    const once = closed(measured([invoice('2026-01-05', 'i')], rates), '2026-01', rates)
    expect(closed(once, '2026-01', rates)).toEqual(once)
    const late = measured([invoice('2026-01-05', 'i'), ...paid('2026-01-31', 'i', 119_000n)], rates)
    const again = closed([...once, ...late.slice(3)], '2026-01', rates)
    // Paid at the closing rate: the same gain, and nothing is open.
    expect(balanceOn(again, 'fx_gain_loss', '2026-01-31')).toBe(balanceOn(once, 'fx_gain_loss', '2026-01-31'))
    expect(balanceOn(again, 'accounts_receivable', '2026-01-31')).toBe(0n)
    expect(balanceOn(again, 'accounts_receivable')).toBe(0n)
  })
})
