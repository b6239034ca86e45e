import { describe, expect, it } from 'vitest'
import { readCamt } from '../../../src/payments/wire/camt.ts'
import { camtFile } from './camt-file.ts'

const bookingOf = (...given: Parameters<typeof camtFile>) =>
  readCamt(camtFile(...given)).statements[0]!.bookings[0]!
const partOf = (...given: Parameters<typeof camtFile>) => bookingOf(...given).parts[0]!

describe('a camt entry', () => {
  const entry = {
    amount: '1050.00',
    reference: 'RF98INV2026000123',
    text: ['Invoice', 'INV-2026-000123'],
    endToEnd: 'E2E-7',
    payer: 'M&#252;ller &amp; Co',
    iban: 'de89 3704 0044 0532 0130 00',
    bankReference: 'BANK-1',
  }

  it.each([2, 4, 8])('is read from version %i', (version) => {
    expect(readCamt(camtFile([entry], { version }))).toEqual({
      format: 'camt.053',
      statements: [
        {
          account: 'DE02120300000000202051',
          bookings: [
            {
              amount: 105_000n,
              currency: 'EUR',
              bookedOn: '2026-01-20',
              bankReference: 'BANK-1',
              isBooked: true,
              isReversal: false,
              parts: [
                {
                  amount: 105_000n,
                  payer: { name: 'Müller & Co', account: 'DE89370400440532013000' },
                  reference: 'RF98INV2026000123 Invoice INV-2026-000123 E2E-7',
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['camt.052', 'BkToCstmrAcctRpt', 'Rpt'],
    ['camt.054', 'BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
  ])('is read from %s', (format, message, statement) => {
    const file = readCamt(camtFile([entry], { message, statement }))
    expect(file.format).toBe(format)
    expect(file.statements[0]!.bookings).toHaveLength(1)
  })

  it('is read from a file with a namespace prefix', () => {
    const prefixed = camtFile([entry])
      .replace(/<(\/?)([A-Z])/g, '<$1ns2:$2')
      .replace('xmlns=', 'xmlns:ns2=')
    expect(readCamt(prefixed)).toEqual(readCamt(camtFile([entry])))
  })

  it.each([
    ['8.850', 'EUR', 885n],
    ['.5', 'EUR', 50n],
    ['+1', 'EUR', 100n],
    ['2700', 'JPY', 2_700n],
    ['1.234', 'KWD', 1_234n],
    ['90071992547409.91', 'EUR', 9_007_199_254_740_991n],
  ])('of %s %s has %s minor units', (amount, currency, minor) => {
    expect(bookingOf([{ amount, currency }]).amount).toBe(minor)
  })

  it('that went out is negative', () => {
    expect(bookingOf([{ direction: 'DBIT' }])).toMatchObject({
      amount: -10_000n,
      parts: [{ amount: -10_000n }],
    })
  })

  it.each(['PDNG', 'INFO'])('with status %s is not booked', (status) => {
    expect(bookingOf([{ status }]).isBooked).toBe(false)
    expect(bookingOf([{ status }], { version: 2 }).isBooked).toBe(false)
  })

  it('that reverses or returns is told apart', () => {
    expect(bookingOf([{ reversal: true }]).isReversal).toBe(true)
    expect(bookingOf([{ transfers: [{ returned: true }] }]).isReversal).toBe(true)
    expect(bookingOf([{}]).isReversal).toBe(false)
  })

  it.each([
    ['the servicer’s reference first', { bankReference: 'A', entryReference: '1', txId: 'T' }, 'A'],
    ['else the entry’s own within its statement', { entryReference: '1', txId: 'T' }, 'S1/1'],
    ['else the transfer’s', { txId: 'T' }, 'T'],
    ['but nothing that only fills the field', { bankReference: 'NONREF', txId: 'NOTPROVIDED' }, null],
    ['never the payer’s own', { endToEnd: 'E' }, null],
  ])('has an identity: %s', (_, fields, expected) => {
    expect(bookingOf([fields]).bankReference).toBe(expected)
  })
})

describe('a batch', () => {
  const transfers = [
    { amount: '60.00', text: ['INV-1'], payer: 'A' },
    { amount: '40.00', text: ['INV-2'], payer: 'B' },
  ]

  it('is taken apart where its transfers add up', () => {
    expect(bookingOf([{ amount: '100.00', transfers }]).parts).toEqual([
      { amount: 6_000n, payer: { name: 'A' }, reference: 'INV-1' },
      { amount: 4_000n, payer: { name: 'B' }, reference: 'INV-2' },
    ])
  })

  it.each([
    ['do not add up', '100.01', transfers],
    ['are in another currency', '100.00', transfers.map((each) => ({ ...each, currency: 'CHF' }))],
    ['say no amount', '100.00', [{ text: ['INV-1'] }, { text: ['INV-2'] }]],
    [
      'add up with a negative one',
      '100.00',
      [
        { ...transfers[0]!, amount: '160.00' },
        { ...transfers[1]!, amount: '-60.00' },
      ],
    ],
  ])('stays whole, with all texts, where its transfers %s', (_, amount, details) => {
    const { parts } = bookingOf([{ amount, transfers: details }])
    expect(parts).toMatchObject([{ payer: {}, reference: 'INV-1 INV-2' }])
    expect(parts).toHaveLength(1)
  })

  it('of one transfer has the amount of the entry, whatever the transfer says', () => {
    expect(partOf([{ amount: '8.85', transfers: [{ amount: '0', currency: 'SEK' }] }]).amount).toBe(885n)
  })
})

describe('a file that cannot be taken', () => {
  const good = camtFile([{}, { bankReference: '2' }])
  it.each([
    ['an amount finer than a cent', good.replace('100.00', '100.001'), 'entry 1 of statement 1'],
    ['a word for an amount', good.replace(/100\.00(?![\s\S]*100\.00)/, 'many'), 'entry 2 of statement 1'],
    ['a negative amount', good.replace('100.00', '-1.00'), 'direction belongs into CdtDbtInd'],
    ['an amount the books cannot hold', good.replace('100.00', '90071992547409.92'), 'too large'],
    ['an unknown currency', good.replace('EUR', 'ABC'), '"ABC"'],
    ['no direction', good.replace('<CdtDbtInd>CRDT</CdtDbtInd>', ''), 'neither CRDT nor DBIT'],
    ['an impossible date', good.replace('2026-01-20', '2026-02-30'), '"2026-02-30"'],
    ['no date', good.replace(/<BookgDt>.*?<\/BookgDt>/, ''), 'neither a booking date'],
    ['a document type', good.replace('<Document', '<!DOCTYPE d [<!ENTITY a "b">]><Document'), 'DOCTYPE'],
    ['a missing end', good.slice(0, -20), 'is not well-formed XML'],
    ['another message', '<Document><Other/></Document>', 'no camt.052, camt.053 or camt.054'],
    ['another root', '<html><body>hello</body></html>', 'no camt.052, camt.053 or camt.054'],
    [
      'a name that attacks the parser',
      good.replace('<GrpHdr>', '<GrpHdr><__proto__>1</__proto__>'),
      'cannot be read',
    ],
    ['deep nesting', `<Document>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</Document>`, 'cannot be read'],
  ])('has %s', (_, text, says) => {
    expect(() => readCamt(text)).toThrow(says)
    expect(() => readCamt(text)).toThrow(
      expect.objectContaining({ status: 422, code: 'bank_statement_unreadable' }),
    )
  })
})

it('reads every statement of a file, and a statement without entries', () => {
  const two = camtFile([{}]).replace('</Stmt>', '</Stmt><Stmt><Id>S2</Id></Stmt>')
  expect(readCamt(two).statements.map(({ account, bookings }) => [account, bookings.length])).toEqual([
    ['DE02120300000000202051', 1],
    [null, 0],
  ])
})

it('reads thousands of escaped characters', () => {
  const entries = Array.from({ length: 3_000 }, () => ({ text: ['a &amp; b'] }))
  expect(readCamt(camtFile(entries)).statements[0]!.bookings.at(-1)!.parts[0]!.reference).toBe('a & b')
})
