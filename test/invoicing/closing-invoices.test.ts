import { describe, expect, it } from 'vitest'
import { reverseLine } from '../../src/invoicing/corrections/line-reversal.ts'
import { planVoidInvoice, type VoidInput } from '../../src/invoicing/corrections/void-invoice.ts'
import { planWriteOff, type WriteOffInput } from '../../src/invoicing/corrections/write-off.ts'
import { issueEntries } from '../../src/invoicing/cycle/issue-entry.ts'
import { invoiceState } from '../../src/invoicing/invoice.ts'
import { settlementOf } from '../../src/invoicing/settlement.ts'
import type { JournalEntry } from '../../src/ledger/journal-entry.ts'
import { entryId } from '../../src/ledger/journal-entry.ts'
import { invoiceOf, lineOf, paidBy } from './documents/issued.ts'

// 100.00 of seats for January, 19.00 tax.
const INVOICE = invoiceOf([lineOf({ id: 'seats', netAmount: 10_000n, tax: 1_900n })])

const postingsOf = (entries: readonly JournalEntry[]) =>
  entries.flatMap(({ postings }) => postings.map(({ account, amount }) => [account, amount]))

const common = { invoice: INVOICE, allocations: [], reason: 'Wrong customer', actor: 'finance', now: 5 }

describe('a void', () => {
  const input = (more: Partial<VoidInput> = {}): VoidInput => ({ ...common, today: '2026-01-16', ...more })

  it('reverses the entry of the invoice to the last posting, and names it', () => {
    const { entries, allocations, reversals } = planVoidInvoice(input())
    const negated = postingsOf(issueEntries(INVOICE)).map(([account, amount]) => [
      account,
      -(amount as bigint),
    ])
    expect(postingsOf(entries)).toEqual(negated)
    expect(entries[0]).toMatchObject({
      postingDate: '2026-01-16',
      reverses: entryId('invoice_issued', INVOICE.id),
    })
    expect(reversals).toMatchObject([{ amount: 10_000n, bookedFrom: '2026-01-16' }])
    expect(allocations).toMatchObject([{ kind: 'void', amount: 11_900n }])
    expect(invoiceState(INVOICE.total, settlementOf(allocations))).toBe('VOID')
  })

  it('opens again what credit had settled', () => {
    const used = paidBy('x', 900n, { id: 'alc_c', kind: 'credit', paymentId: null, grantId: 'g' })
    const { allocations } = planVoidInvoice(input({ allocations: [used] }))
    expect(allocations.map(({ kind, amount, reverses }) => [kind, amount, reverses])).toEqual([
      ['credit', -900n, 'alc_c'],
      ['void', 11_900n, null],
    ])
  })

  it.each([
    ['invoice_paid', paidBy('p', 1n)],
    ['invoice_credited', paidBy('p', 1n, { kind: 'credit_note', paymentId: null })],
    ['invoice_written_off', paidBy('p', 1n, { kind: 'write_off', paymentId: null })],
  ])('is refused with %s', (code, allocation) => {
    expect(() => planVoidInvoice(input({ allocations: [allocation] }))).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('a write-off', () => {
  const input = (more: Partial<WriteOffInput> = {}): WriteOffInput => ({
    ...common,
    reversals: [],
    taxRelief: false,
    today: '2026-02-01',
    ...more,
  })

  it('of service that was given is a loss, with its tax', () => {
    const plan = planWriteOff(input())
    expect(postingsOf(plan.entries)).toEqual([
      ['bad_debt_expense', 11_900n],
      ['accounts_receivable', -11_900n],
    ])
    expect(plan.reversals).toEqual([])
    expect(invoiceState(INVOICE.total, settlementOf(plan.allocations))).toBe('UNCOLLECTIBLE')
  })

  it('leaves service to come out of revenue', () => {
    // From 17 January 15 of 31 days are to come: 100.00 less 16/31 of it (51.61) are 48.39.
    // Half is open, 59.50 of 119.00: 24.195, so 24.20 leave the position, and 35.30 are lost.
    const plan = planWriteOff(input({ today: '2026-01-17', allocations: [paidBy('p', 5_950n)] }))
    expect(postingsOf(plan.entries)).toEqual([
      ['contract_position', 2_420n],
      ['bad_debt_expense', 3_530n],
      ['accounts_receivable', -5_950n],
    ])
    expect(plan.reversals).toMatchObject([
      {
        amount: 2_420n,
        tax: 0n,
        serviceStart: '2026-01-17',
        serviceEnd: '2026-02-01',
        bookedFrom: '2026-01-17',
      },
    ])
  })

  it('takes no days out of revenue that a credit note took before', () => {
    // All of 17 to 31 January, 48.39 and 9.19 tax, is credited already: the 61.42 that are open are for days before.
    const credited = {
      ...reverseLine(
        { line: INVOICE.lines[0]!, amount: 4_839n, serviceStart: '2026-01-17', serviceEnd: '2026-02-01' },
        [],
        {
          cause: 'credit_note',
          sourceId: 'crn',
          invoiceId: INVOICE.id,
          currency: 'EUR',
          bookedFrom: '2026-01-17',
        },
        1,
      ),
    }
    const note = paidBy('crn', 5_758n, { kind: 'credit_note', paymentId: null, creditNoteId: 'crn' })
    const plan = planWriteOff(input({ today: '2026-01-17', reversals: [credited], allocations: [note] }))
    expect(plan.reversals).toEqual([])
    expect(postingsOf(plan.entries)).toEqual([
      ['bad_debt_expense', 6_142n],
      ['accounts_receivable', -6_142n],
    ])
  })

  it.each([
    // 40.00 of the 100.00 were never revenue. The other 60.00 and the tax are lost.
    {
      case: 'leaves out of the loss what was no revenue',
      paid: 0n,
      relief: false,
      taken: 40_00n,
      lost: 79_00n,
    },
    {
      case: 'also where the tax comes back',
      paid: 0n,
      relief: true,
      taken: 40_00n,
      tax: 19_00n,
      lost: 60_00n,
    },
    // Half is open, 59.50: half of 40.00 was no revenue.
    { case: 'in proportion to what is open', paid: 59_50n, relief: false, taken: 20_00n, lost: 39_50n },
  ])('of a contract that is none $case', ({ paid, relief, taken, tax, lost }) => {
    const held = { amount: 40_00n, serviceStart: '2026-01-20', serviceEnd: '2026-02-01' }
    const plan = planWriteOff(
      input({
        heldBack: new Map([['seats', held]]),
        taxRelief: relief,
        allocations: paid > 0n ? [paidBy('p', paid)] : [],
      }),
    )
    expect(postingsOf(plan.entries)).toEqual([
      ['contract_position', taken],
      ...(tax ? [['tax_payable', tax]] : []),
      ['bad_debt_expense', lost],
      ['accounts_receivable', paid - 119_00n],
    ])
    expect(plan.reversals).toMatchObject([{ ...held, amount: taken, tax: 0n, bookedFrom: '2026-02-01' }])
  })

  it('takes what waits and what is to come of one line, each for its days', () => {
    // On 17 January 48.39 are to come, so of the 60.00 that are said to wait 51.61 can.
    const held = { amount: 60_00n, serviceStart: '2026-01-05', serviceEnd: '2026-01-17' }
    const plan = planWriteOff(input({ today: '2026-01-17', heldBack: new Map([['seats', held]]) }))
    expect(
      plan.reversals.map(({ amount, serviceStart, serviceEnd }) => [amount, serviceStart, serviceEnd]),
    ).toEqual([
      [51_61n, '2026-01-05', '2026-01-17'],
      [48_39n, '2026-01-17', '2026-02-01'],
    ])
    expect(new Set(plan.reversals.map(({ id }) => id)).size).toBe(2)
    expect(postingsOf(plan.entries)).toContainEqual(['bad_debt_expense', 19_00n])
  })

  it('gets the tax back where there is relief', () => {
    // Of 59.50 open, 9.50 are tax.
    const plan = planWriteOff(input({ taxRelief: true, allocations: [paidBy('p', 5_950n)] }))
    expect(postingsOf(plan.entries)).toEqual([
      ['tax_payable', 950n],
      ['bad_debt_expense', 5_000n],
      ['accounts_receivable', -5_950n],
    ])
  })

  it('happens once, and to what is open', () => {
    const first = planWriteOff(input())
    expect(() => planWriteOff(input({ allocations: first.allocations }))).toThrow('written off before')
    expect(() => planWriteOff(input({ allocations: [paidBy('p', 11_900n)] }))).toThrow('Nothing is open')
  })
})
