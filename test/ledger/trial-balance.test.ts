import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_ROLES } from '../../src/ledger/account.ts'
import { credit, debit, journalEntry } from '../../src/ledger/journal-entry.ts'
import { trialBalanceOf } from '../../src/ledger/trial-balance.ts'

const entry = (postings: Parameters<typeof journalEntry>[0]['postings']) =>
  journalEntry({
    entityRef: 'e',
    postingDate: '2026-01-31',
    event: 'payment_received',
    sourceId: 'one',
    currency: 'USD',
    description: '',
    recordedAt: 0,
    postings,
  })

describe('a journal entry', () => {
  it('refuses postings that do not add up to zero', () => {
    expect(() => entry([debit('accounts_receivable', 100n), credit('revenue', 99n)])).toThrow(
      'out of balance by 1',
    )
  })

  it('leaves out postings of nothing', () => {
    const { postings } = entry([debit('revenue', 5n), credit('revenue', 5n), credit('tax_payable', 0n)])
    expect(postings.map(({ amount }) => amount)).toEqual([5n, -5n])
  })

  it('gets its id from what happened to what, and from nothing else', () => {
    const one = entry([debit('revenue', 5n), credit('tax_payable', 5n)])
    expect(one.id).toBe(entry([]).id)
  })
})

describe('the trial balance', () => {
  it('puts each net into one column, in the order of the chart, and totals each currency alone', () => {
    // USD: 105.00 = 100.00 + 5.00. JPY has no decimals: 300 on both sides.
    const balance = trialBalanceOf([
      { account: 'revenue', currency: 'USD', net: -10000n },
      { account: 'tax_payable', currency: 'USD', net: -500n },
      { account: 'accounts_receivable', currency: 'USD', net: 10500n },
      { account: 'bank_clearing', currency: 'JPY', net: 300n },
      { account: 'unapplied_cash', currency: 'JPY', net: -300n },
      { account: 'contract_position', currency: 'USD', net: 0n },
    ])
    expect(balance).toEqual({
      accounts: [
        { account: 'bank_clearing', currency: 'JPY', debit: '300', credit: '0' },
        { account: 'accounts_receivable', currency: 'USD', debit: '105.00', credit: '0.00' },
        { account: 'contract_position', currency: 'USD', debit: '0.00', credit: '0.00' },
        { account: 'unapplied_cash', currency: 'JPY', debit: '0', credit: '300' },
        { account: 'tax_payable', currency: 'USD', debit: '0.00', credit: '5.00' },
        { account: 'revenue', currency: 'USD', debit: '0.00', credit: '100.00' },
      ],
      totals: [
        { currency: 'JPY', debit: '300', credit: '300' },
        { currency: 'USD', debit: '105.00', credit: '105.00' },
      ],
      balanced: true,
    })
  })

  it('says so when a currency is out by one cent, even where another is out by the opposite', () => {
    const balance = trialBalanceOf([
      { account: 'bank_clearing', currency: 'USD', net: 1n },
      { account: 'bank_clearing', currency: 'EUR', net: -1n },
    ])
    expect(balance.balanced).toBe(false)
  })

  it('is empty and balanced before anything was posted', () => {
    expect(trialBalanceOf([])).toEqual({ accounts: [], totals: [], balanced: true })
  })

  it('balances exactly when the nets of each currency add up to zero', () => {
    const net = fc.record({
      account: fc.constantFrom(...ACCOUNT_ROLES),
      currency: fc.constantFrom('USD', 'EUR'),
      net: fc.bigInt(-3n, 3n),
    })
    fc.assert(
      fc.property(fc.array(net, { maxLength: 6 }), (nets) => {
        const sumOf = (currency: string) =>
          nets.filter((one) => one.currency === currency).reduce((total, one) => total + one.net, 0n)
        expect(trialBalanceOf(nets).balanced).toBe(sumOf('USD') === 0n && sumOf('EUR') === 0n)
      }),
    )
  })
})
