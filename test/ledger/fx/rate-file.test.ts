import { describe, expect, it } from 'vitest'
import { Problem } from '../../../src/kernel/problem.ts'
import { readRateFile } from '../../../src/ledger/fx/rate-file.ts'

const DOLLAR = { base: 'EUR', quote: 'USD', date: '2026-11-20', rate: '1.0853' }
const YEN = { base: 'EUR', quote: 'JPY', date: '2026-11-20', rate: '161.2' }

describe('readRateFile', () => {
  it.each([
    {
      layout: 'columns in any order, with a byte order mark',
      text: '\uFEFFrate,Quote,base,date\n1.0853,USD,eur,2026-11-20\n161.20,JPY,EUR,2026-11-20\n',
    },
    {
      layout: 'columns parted by semicolons',
      text: 'date;base;quote;rate\r\n2026-11-20;EUR;USD;1.0853\r\n2026-11-20;EUR;JPY;161.2\r\n',
    },
    {
      layout: 'the daily CSV file of the ECB',
      text: 'Date, USD, JPY, \n20 November 2026, 1.0853, 161.20, \n',
    },
    {
      layout: 'the history of the ECB, with a currency that is no more',
      text: 'Date,USD,LTL,JPY,\n2026-11-20,1.0853,N/A,161.20,\n',
    },
    {
      layout: 'the daily XML file of the ECB',
      text: `<?xml version="1.0" encoding="UTF-8"?>
        <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">
          <gesmes:subject>Reference rates</gesmes:subject>
          <Cube><Cube time='2026-11-20'>
            <Cube currency='USD' rate='1.0853'/>
            <Cube currency='JPY' rate='161.20'/>
          </Cube></Cube>
        </gesmes:Envelope>`,
    },
  ])('reads $layout', ({ text }) => {
    expect(readRateFile(text)).toEqual([DOLLAR, YEN])
  })

  it('keeps every digit', () => {
    const rate = '1.08531234567890123456789012345678901234'
    expect(readRateFile(`date,base,quote,rate\n2026-11-20,EUR,USD,${rate}`)).toEqual([{ ...DOLLAR, rate }])
    expect(readRateFile('date,base,quote,rate\n2026-11-20,EUR,USD,1e-9')).toEqual([
      { ...DOLLAR, rate: '0.000000001' },
    ])
  })

  it.each([
    ['nothing', '', 'fx_rates_unreadable'],
    ['a letter', 'Dear Sir or Madam', 'fx_rates_unreadable'],
    ['another XML', '<Document><Stmt/></Document>', 'fx_rates_unreadable'],
    ['a header alone', 'date,base,quote,rate\n', 'fx_rates_unreadable'],
    ['a rate of zero', 'date,base,quote,rate\n2026-11-20,EUR,USD,0', 'invalid_fx_rate'],
    [
      'a rate that is too long',
      `date,base,quote,rate\n2026-11-20,EUR,USD,1${'0'.repeat(60)}`,
      'invalid_fx_rate',
    ],
    ['a decimal comma', 'date;base;quote;rate\n2026-11-20;EUR;USD;1,08', 'invalid_fx_rate'],
    ['no currency', 'date,base,quote,rate\n2026-11-20,EUR,US$,1.08', 'invalid_fx_rate'],
    ['a currency with itself', 'date,base,quote,rate\n2026-11-20,EUR,EUR,1', 'invalid_fx_rate'],
    ['no real date', 'date,base,quote,rate\n2026-11-31,EUR,USD,1.08', 'invalid_fx_rate'],
    ['a day of the ECB that is none', 'Date,USD,\n31 November 2026,1.08,\n', 'invalid_fx_rate'],
  ])('refuses %s', (_, text, code) => {
    expect(() => readRateFile(text)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    ['a row', 'date,base,quote,rate\n2026-11-24,EUR,USD,1.08\n2099-11-20,EUR,USD,1.08', 'row 3'],
    ['a column of the ECB', 'Date,USD,JPY,\n25 November 2026,N/A,161.20,\n', 'row 2, JPY'],
  ])('refuses a day in the future, and names %s', (_, text, path) => {
    const refused = () => readRateFile(text, { source: 'ecb', lastDay: '2026-11-24' })
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'invalid_fx_rate',
        faults: [{ path, message: expect.stringContaining('is in the future: nothing after 2026-11-24') }],
      }),
    )
  })

  it('names the faults, and says how many there are', () => {
    const rows = Array.from({ length: 30 }, () => '2026-11-20,EUR,USD,-1')
    const refused = () => readRateFile(['date,base,quote,rate', ...rows].join('\n'))
    expect(refused).toThrow('30 of the rates cannot be taken; the first 20 are named in "errors".')
    expect(refused).toThrow(Problem)
  })
})
