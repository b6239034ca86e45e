import { array, assert, constantFrom, oneof, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../../src/kernel/problem.ts'
import { readStatementFile } from '../../../src/payments/wire/statement-file.ts'
import { ENTRIES_MAX } from '../../../src/payments/wire/statement-value.ts'
import { camtFile } from './camt-file.ts'

const read = (text: string) => readStatementFile(new TextEncoder().encode(text))
const bookings = (text: string) => read(text).statements[0]!.bookings

describe('CSV', () => {
  it('is read by the names of its columns, in any order and case', () => {
    expect(
      read(
        'ID,Amount,DATE,currency,Reference,Payer,Payer_Account\r\nB1,1050.00,2026-01-20,eur,INV-1,Globex,de89 3704\r\n',
      ),
    ).toEqual({
      format: 'csv',
      statements: [
        {
          account: null,
          bookings: [
            {
              amount: 105_000n,
              currency: 'EUR',
              bookedOn: '2026-01-20',
              bankReference: 'B1',
              isBooked: true,
              isReversal: false,
              parts: [
                { amount: 105_000n, payer: { name: 'Globex', account: 'DE893704' }, reference: 'INV-1' },
              ],
            },
          ],
        },
      ],
    })
  })

  it.each([
    [
      'semicolons and quotation marks',
      'date;amount;currency;reference\n2026-01-20;-5;EUR;"a;b ""c"""',
      'a;b "c"',
      -500n,
    ],
    ['tabs', 'date\tamount\tcurrency\treference\n2026-01-20\t5\tEUR\tx', 'x', 500n],
    [
      'a byte order mark and empty lines',
      '\ufeffdate,amount,currency,reference\n\n2026-01-20,5,EUR,x\n\n',
      'x',
      500n,
    ],
    ['columns that are not known', 'date,balance,amount,currency,reference\n2026-01-20,9,5,EUR,x', 'x', 500n],
    ['only the columns that are needed', 'date,amount,currency\n2026-01-20,5,EUR', '', 500n],
  ])('may have %s', (_, text, reference, amount) => {
    expect(bookings(text)).toMatchObject([{ amount, parts: [{ reference }] }])
  })

  it('of an old program is read as Western European', () => {
    const bytes = Uint8Array.from('date,amount,currency,payer\n2026-01-20,5,EUR,M\xfcller', (c) =>
      c.charCodeAt(0),
    )
    expect(readStatementFile(bytes).statements[0]!.bookings[0]!.parts[0]!.payer.name).toBe('Müller')
  })

  it.each([
    ['date,amount\n2026-01-20,5', 'date, amount, currency'],
    ['date,amount,currency,date\n2026-01-20,5,EUR,x', 'column date twice'],
    ['date,amount,currency\n2026-01-20,5,EUR,9', 'row 2 has 4 fields'],
    ['date,amount,currency\n2026-01-20,5,EUR\n20.01.2026,5,EUR', 'row 3 has the date "20.01.2026"'],
    ['date,amount,currency\n2026-01-20,"1,050.00",EUR', 'row 2 has the amount "1,050.00"'],
    ['date,amount,currency\n2026-01-20,5,', 'row 2 has the currency ""'],
    ['date,amount,currency,id\n2026-01-20,5,EUR,"x\n2026-01-20,6,EUR,y', 'quotation marks'],
  ])('%j is refused', (text, says) => {
    expect(() => read(text)).toThrow(says)
  })
})

describe('any file', () => {
  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    [':20:STARTUMSE\n:25:1/2\n', 'neither camt'],
    ['\u00ff\u00fe', 'neither camt'],
  ])('%j is refused', (text, says) => {
    expect(() => read(text)).toThrow(says)
  })

  it('in UTF-16 is refused by that name', () => {
    expect(() => readStatementFile(Uint8Array.of(0xff, 0xfe, 0x3c, 0x00))).toThrow('UTF-16')
  })

  it('with more entries than one file may hold is refused', () => {
    const row = '2026-01-20,5,EUR\n'
    expect(bookings(`date,amount,currency\n${row.repeat(ENTRIES_MAX)}`)).toHaveLength(ENTRIES_MAX)
    expect(() => read(`date,amount,currency\n${row.repeat(ENTRIES_MAX + 1)}`)).toThrow('more than the 10000')
  })

  const onlyProblems = (bytes: Uint8Array) => {
    try {
      expect(readStatementFile(bytes).statements.length).toBeGreaterThanOrEqual(0)
    } catch (error) {
      expect(error).toBeInstanceOf(Problem)
      expect((error as Problem).status).toBe(422)
    }
  }

  it('is read or refused with a reason, whatever its bytes are', () => {
    assert(property(uint8Array({ maxLength: 300 }), onlyProblems), { numRuns: 500 })
  })

  it('is read or refused with a reason, when it looks like a statement', () => {
    const pieces = constantFrom(
      '<Document>',
      '</Document>',
      '<BkToCstmrStmt>',
      '<Stmt>',
      '<Ntry>',
      '<Amt Ccy="EUR">',
      '</Amt>',
      '<a',
      '/>',
      '&#1;',
      '&amp;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<?',
      'date,amount,currency',
      '\n',
      ',',
      '"',
      '2026-01-20',
      '5',
      'EUR',
    )
    const text = array(oneof(pieces, string()), { maxLength: 30 }).map((parts) => parts.join(''))
    assert(
      property(text, (sample) => onlyProblems(new TextEncoder().encode(sample))),
      { numRuns: 500 },
    )
  })

  it('is read or refused with a reason, when a few bytes of a good one are spoiled', () => {
    const good = new TextEncoder().encode(camtFile([{ text: ['INV-1'], payer: 'A' }]))
    const spoiled = array(uint8Array({ minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }).map(
      (changes) => {
        const bytes = good.slice()
        for (const [high = 0, low = 0, value = 0] of changes) bytes[(high * 256 + low) % bytes.length] = value
        return bytes
      },
    )
    assert(property(spoiled, onlyProblems), { numRuns: 500 })
  })
})
