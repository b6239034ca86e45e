import { array, assert, constantFrom, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BankEntry, type Booking, identify } from '../../../src/payments/wire/statement.ts'
import { ownerOf } from '../../../src/payments/wire/statement-owner.ts'
import { planImport } from '../../../src/payments/wire/statement-plan.ts'

const booking = (fields: Partial<Booking> & { reference?: string } = {}): Booking => {
  const { reference = 'INV-1', amount = 10_000n, ...rest } = fields
  return {
    amount,
    currency: 'EUR',
    bookedOn: '2026-01-20',
    bankReference: null,
    isBooked: true,
    isReversal: false,
    parts: [{ amount, payer: {}, reference }],
    ...rest,
  }
}

const ids = (bookings: Booking[], account: string | null = 'DE02', entityRef = 'acme') =>
  identify(entityRef, { account, bookings }).map(({ id }) => id)

const standings = (entries: BankEntry[], known: BankEntry[] = []) =>
  planImport(entries, known).map(({ standing }) => standing)

describe('the identity of an entry', () => {
  it('is the same in every format, where the bank gives a reference', () => {
    const camt = ids([booking({ bankReference: 'B1', reference: 'INV-1 E2E' })], 'DE02')
    expect(ids([booking({ bankReference: 'B1', reference: 'INV-1', bookedOn: '2026-01-21' })], null)).toEqual(
      camt,
    )
  })

  it.each([
    ['legal entity', ids([booking({ bankReference: 'B1' })], 'DE02', 'other')],
    ['reference', ids([booking({ bankReference: 'B2' })])],
    ['amount', ids([booking({ bankReference: 'B1', amount: 1n })])],
    ['currency', ids([booking({ bankReference: 'B1', currency: 'USD' })])],
  ])('differs with the %s', (_, other) => {
    expect(other).not.toEqual(ids([booking({ bankReference: 'B1' })]))
  })

  it.each([
    ['day', booking({ bookedOn: '2026-01-21' })],
    ['text', booking({ reference: 'INV-2' })],
    ['payer', booking({ parts: [{ amount: 10_000n, payer: { account: 'DE1' }, reference: 'INV-1' }] })],
  ])('differs with the %s where the bank gives no reference', (_, other) => {
    expect(ids([other])).not.toEqual(ids([booking()]))
  })

  it('does not depend on blanks and case of the text', () => {
    expect(ids([booking({ reference: 'inv 1' })])).toEqual(ids([booking({ reference: 'INV-1' })]))
  })

  it('keeps equal lines of one statement apart, and knows them again', () => {
    const [first, second] = ids([booking(), booking()])
    expect(first).not.toBe(second)
    expect(ids([booking()])).toEqual([first])
    expect(ids([booking({ isBooked: false }), booking()])[1]).toBe(first)
  })

  it('is unique, and is not moved by other lines', () => {
    const line = record({
      amount: constantFrom(100n, 200n),
      bankReference: constantFrom(null, 'B1', 'B2'),
      reference: constantFrom('x', 'y'),
    }).map(booking)
    assert(
      property(array(line, { maxLength: 8 }), (lines) => {
        const all = ids(lines)
        expect(new Set(all).size).toBe(lines.length)
        expect(ids(lines.slice(0, 4))).toEqual(all.slice(0, 4))
      }),
    )
  })
})

describe('the plan of an import', () => {
  const entriesOf = (...bookings: Booking[]) => identify('acme', { account: null, bookings })

  it.each([
    ['incoming', booking()],
    ['not_incoming', booking({ amount: -1n })],
    ['not_incoming', booking({ amount: 0n })],
    ['not_incoming', booking({ isReversal: true })],
    ['announced', booking({ isBooked: false })],
  ])('%s', (standing, line) => {
    const [planned] = planImport(entriesOf(line), [])
    expect(planned!.standing).toBe(standing)
    expect(planned!.explanation === '').toBe(standing === 'incoming')
  })

  it('takes nothing twice: neither what is known, nor what stands in the file twice', () => {
    const entries = entriesOf(booking({ bankReference: 'A' }), booking({ bankReference: 'B' }))
    expect(standings(entries, entries)).toEqual(['already_known', 'already_known'])
    expect(standings(entries, entries.slice(1))).toEqual(['incoming', 'already_known'])
    expect(standings([...entries, ...entries])).toEqual([
      'incoming',
      'incoming',
      'already_known',
      'already_known',
    ])
  })

  const whole = booking({ bankReference: 'BATCH' })
  const parts = [6_000n, 4_000n].map((amount) => ({ amount, payer: {}, reference: `part of ${amount}` }))
  const split = booking({ bankReference: 'BATCH', parts })

  it('knows a batch as one sum and as its transfers', () => {
    expect(standings(entriesOf(split), entriesOf(whole))).toEqual(['already_known', 'already_known'])
    expect(standings(entriesOf(whole), entriesOf(split))).toEqual(['already_known'])
  })

  it('goes on in the middle of a batch', () => {
    expect(standings(entriesOf(split), entriesOf(split).slice(0, 1))).toEqual(['already_known', 'incoming'])
  })

  it('keeps two equal transfers of a batch apart', () => {
    const equal = { amount: 5_000n, payer: {}, reference: 'x' }
    expect(standings(entriesOf(booking({ parts: [equal, equal] })))).toEqual(['incoming', 'incoming'])
  })
})

describe('the owner of a statement', () => {
  const account = (iban?: string, account_number?: string) => ({
    id: 'a',
    currency: 'EUR',
    beneficiary: 'b',
    bank_name: 'c',
    iban,
    account_number,
  })
  const eu = { ref: 'eu', bankAccounts: [account('DE02 1203')] }
  const us = { ref: 'us', bankAccounts: [account(undefined, '12345')] }

  it.each([
    ['named', [eu, us], [], 'us', 'us'],
    ['told by its IBAN', [eu, us], ['DE021203'], undefined, 'eu'],
    ['told by its account number', [eu, us], ['12345'], undefined, 'us'],
    ['the only one', [eu], ['unknown'], undefined, 'eu'],
    ['named, and the account is not known', [eu, us], ['unknown'], 'eu', 'eu'],
  ])('is %s', (_, entities, accounts, named, ref) => {
    expect(ownerOf(entities, accounts, named).ref).toBe(ref)
  })

  it.each([
    ['nothing tells', [eu, us], [], undefined, 'entity_ref_needed'],
    ['accounts of two are in one file', [eu, us], ['DE021203', '12345'], undefined, 'entity_ref_needed'],
    ['there is none', [], [], undefined, 'entity_ref_needed'],
    ['the account is of another', [eu, us], ['DE021203'], 'us', 'account_of_another_entity'],
    ['the named one is not there', [eu], [], 'x', 'legal_entity_not_found'],
  ])('is refused when %s', (_, entities, accounts, named, code) => {
    expect(() => ownerOf(entities, accounts, named)).toThrow(expect.objectContaining({ code }))
  })
})
