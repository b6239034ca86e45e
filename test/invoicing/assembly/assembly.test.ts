import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/invoicing/assembly/assembly.ts'
import {
  type AssemblyDraft,
  faultsOfAssembly,
  readAssembly,
} from '../../../src/invoicing/assembly/assembly-input.ts'
import { formatMoney, type Minor, sum } from '../../../src/kernel/money.ts'
import { decimal, multiply, sum as sumExact } from '../../../src/kernel/rational.ts'

const draft = (given: Partial<AssemblyDraft>): AssemblyDraft => ({
  currency: 'USD',
  lines: [],
  taxes: {},
  tax_rounding: 'per_rate',
  rounding: 'half_up',
  discounts: [],
  credits: [],
  ...given,
})
const tax = (rate_percent: string, inclusive = false) => ({ rate_percent, inclusive })
const percent = (value: string, lines?: string[]) => ({ type: 'percent' as const, value, lines })
const fixed = (value: string, lines?: string[]) => ({ type: 'fixed' as const, value, lines })
const amounts = (...texts: string[]) => texts.map((amount) => ({ amount }))

const untaxed = (key: string, amount: Minor) => ({ key, amount, taxes: [] })
const PER_RATE = { taxRounding: 'per_rate', rounding: 'half_up', credits: [] } as const

/** The amounts in major units, those of lines and credits in one text. */
function assembled(given: Partial<AssemblyDraft>) {
  const input = draft(given)
  expect(faultsOfAssembly(input)).toEqual([])
  const result = assemble(readAssembly(input))
  const money = (amount: Minor) => formatMoney(amount, input.currency)
  const list = (values: readonly Minor[]) => values.map(money).join(' ')
  return {
    sub_total: money(result.subTotal),
    discount: money(result.totalDiscount),
    taxable: money(result.taxable),
    tax: money(result.totalTax),
    total: money(result.total),
    credits: money(result.creditsAmount),
    due: money(result.amountDue),
    lineDiscounts: list(result.lineDiscounts),
    lineTaxes: list(result.lineTaxes),
    taxes: result.taxes.map((one) => `${one.key} ${money(one.taxable)} ${money(one.tax)}`).join(', '),
    used: list(result.creditsUsed),
  }
}

describe('lines', () => {
  it.each([
    // 10.333 is 10.33, and twice that 20.66: sums are of rounded lines.
    { lines: ['10.333', '10.333'], currency: 'USD', sub_total: '20.66' },
    // Half away from zero: 10.125 is 10.13, and −0.125 is −0.13.
    { lines: ['10.125', '-0.125'], currency: 'USD', sub_total: '10.00' },
    { lines: ['0.5', '100.5'], currency: 'JPY', sub_total: '102' },
    { lines: ['0.0005', '1'], currency: 'KWD', sub_total: '1.001' },
  ])('of $lines come to $sub_total $currency', ({ lines, currency, sub_total }) => {
    expect(assembled({ lines: amounts(...lines), currency })).toMatchObject({ sub_total, due: sub_total })
  })
})

describe('discounts', () => {
  it.each([
    // 10 % of 100 is 10; 90 − 50 is 40.
    {
      name: 'percent before fixed, given so',
      lines: ['100'],
      discounts: [percent('10'), fixed('50')],
      off: '60.00',
    },
    {
      name: 'percent before fixed, given the other way',
      lines: ['100'],
      discounts: [fixed('50'), percent('10')],
      off: '60.00',
    },
    // 10 % of 100 is 10; 25 % of 90 is 22.50.
    { name: 'percents compound', lines: ['100'], discounts: [percent('10'), percent('25')], off: '32.50' },
    { name: 'down to zero at most', lines: ['30'], discounts: [fixed('20'), fixed('20')], off: '30.00' },
    // 50 off the first line is 10 of 60; 50 % of 10 + 40 is 25.
    {
      name: 'lines before the invoice',
      lines: ['60', '40'],
      discounts: [percent('50'), fixed('50', ['1'])],
      off: '75.00',
      each: '55.00 20.00',
    },
    // A fixed discount of a line does not reach beyond it.
    {
      name: 'not beyond its line',
      lines: ['5', '95'],
      discounts: [fixed('8', ['1'])],
      off: '5.00',
      each: '5.00 0.00',
    },
    // 1.00 × 3.33/10, 3.33/10, 3.34/10 are 0.333, 0.333, 0.334: the missing cent goes to the largest remainder.
    {
      name: 'by largest remainder',
      lines: ['3.33', '3.33', '3.34'],
      discounts: [fixed('1')],
      off: '1.00',
      each: '0.33 0.33 0.34',
    },
    // 10 % of 200 − 20 is 18: 20 off the line and 2 off its correction.
    {
      name: 'off a correction too',
      lines: ['200', '-20'],
      discounts: [percent('10')],
      off: '18.00',
      each: '20.00 -2.00',
    },
    {
      name: 'nothing off less than nothing',
      lines: ['5', '-9'],
      discounts: [percent('10'), fixed('1')],
      off: '0.00',
    },
    // 12.5 % of 0.20 is 0.025: half away from zero 0.03.
    { name: 'rounded once', lines: ['0.20'], discounts: [percent('12.5')], off: '0.03' },
  ])('$name: $off', ({ lines, discounts, off, each }) => {
    const result = assembled({ lines: amounts(...lines), discounts })
    expect(result.discount).toBe(off)
    if (each !== undefined) expect(result.lineDiscounts).toBe(each)
  })
})

describe('tax', () => {
  const twoRates = {
    // 25 %: 0.49 + 0.53 = 1.02, exactly 0.255; by lines 0.1225 and 0.1325.
    // 10 %: 0.52 + 0.53 = 1.05, exactly 0.105; by lines 0.052 and 0.053.
    lines: [
      { amount: '0.49', tax: 'a' },
      { amount: '0.53', tax: 'a' },
      { amount: '0.52', tax: 'b' },
      { amount: '0.53', tax: 'b' },
    ],
    taxes: { a: tax('25'), b: tax('10') },
  }
  it.each([
    // 0.26 + 0.11. Over the lines: 12.25 + 13.25 gives 12 + 13, and the cent missing to 26 the first of equals.
    { tax_rounding: 'per_rate', tax: '0.37', taxes: 'a 1.02 0.26, b 1.05 0.11', each: '0.13 0.13 0.05 0.06' },
    // 0.255 + 0.105 = 0.36; 25.5 and 10.5 cents have equal remainders, so a gets the cent.
    {
      tax_rounding: 'per_invoice',
      tax: '0.36',
      taxes: 'a 1.02 0.26, b 1.05 0.10',
      each: '0.13 0.13 0.05 0.05',
    },
    // 0.12 + 0.13 and 0.05 + 0.05.
    { tax_rounding: 'per_line', tax: '0.35', taxes: 'a 1.02 0.25, b 1.05 0.10', each: '0.12 0.13 0.05 0.05' },
  ] as const)('rounded $tax_rounding is $tax', ({ tax_rounding, tax, taxes, each }) => {
    const result = assembled({ ...twoRates, tax_rounding })
    expect(result).toMatchObject({ tax, taxes, lineTaxes: each })
  })

  it.each([
    // 9.99 × 0.19 = 1.8981.
    {
      name: 'once for the rate',
      lines: ['3.33', '3.33', '3.33'],
      taxes: { vat: tax('19') },
      tax: '1.90',
      total: '11.89',
    },
    // 100 × 0.05 and 100 × 0.09975, neither on the other: 5.00 + 9.98.
    {
      name: 'two rates on one base',
      lines: [{ amount: '100', tax: ['gst', 'qst'] }],
      taxes: { gst: tax('5'), qst: tax('9.975') },
      tax: '14.98',
      total: '114.98',
    },
    {
      name: 'reverse charge at 0 %',
      lines: ['50'],
      taxes: { rc: tax('0') },
      tax: '0.00',
      total: '50.00',
      taxes_: 'rc 50.00 0.00',
    },
    // 119 / 1.19 = 100.
    {
      name: 'inclusive',
      lines: ['119'],
      taxes: { vat: tax('19', true) },
      tax: '19.00',
      total: '119.00',
      taxes_: 'vat 100.00 19.00',
    },
    // 10 × 0.19 / 1.19 = 1.5966…; the gross stays.
    {
      name: 'inclusive, rounded',
      lines: ['10'],
      taxes: { vat: tax('19', true) },
      tax: '1.60',
      total: '10.00',
      taxes_: 'vat 8.40 1.60',
    },
    // 120 / 1.2 = 100 net; 5 % of that on top.
    {
      name: 'inclusive with another on top',
      lines: [{ amount: '120', tax: ['vat', 'levy'] }],
      taxes: { vat: tax('20', true), levy: tax('5') },
      tax: '25.00',
      total: '125.00',
    },
    {
      name: 'none',
      lines: [{ amount: '7', tax: [] }],
      taxes: { vat: tax('19') },
      tax: '0.00',
      total: '7.00',
    },
    // 0.50 × 0.05 = 0.025: to the even cent 0.02.
    {
      name: 'half to even',
      lines: ['0.50'],
      taxes: { vat: tax('5') },
      rounding: 'half_even' as const,
      tax: '0.02',
      total: '0.52',
    },
  ])('$name', ({ lines, taxes_, tax, total, ...given }) => {
    const named = lines.map((line) => (typeof line === 'string' ? { amount: line } : line))
    const result = assembled({ ...given, lines: named })
    expect([result.tax, result.total]).toEqual([tax, total])
    if (taxes_ !== undefined) expect(result.taxes).toBe(taxes_)
  })

  it('is on the exact share of a discount', () => {
    // 1.00 off three lines leaves 2.997, 2.997 and 3.006. 20 % of 5.994 is 1.1988, 10 % of 3.006 is 0.3006.
    const result = assembled({
      lines: [
        { amount: '3.33', tax: 'a' },
        { amount: '3.33', tax: 'a' },
        { amount: '3.34', tax: 'b' },
      ],
      taxes: { a: tax('20'), b: tax('10') },
      discounts: [fixed('1')],
    })
    expect(result).toMatchObject({ taxable: '9.00', tax: '1.50', taxes: 'a 5.99 1.20, b 3.01 0.30' })
  })

  it('is on the exact share of a discount of the invoice that leaves out corrections', () => {
    // 1.00 off 3 × 1.00: two thirds are left of each. 0.6667 × 20.3 % = 0.1353; of 0.66 it would be 0.1340.
    const lines = [{ key: 'a', amount: 100n, taxes: ['vat'] }, untaxed('b', 100n), untaxed('c', 100n)]
    const result = assemble({
      ...PER_RATE,
      lines: [...lines, untaxed('correction', -50n)],
      taxes: [{ key: 'vat', rate: decimal('0.203'), inclusive: false }],
      discounts: [{ type: 'fixed', amount: 100n, level: 'invoice', lines: new Set(['a', 'b', 'c']) }],
    })
    expect(result).toMatchObject({ lineDiscounts: [34n, 33n, 33n, 0n], totalTax: 14n, total: 164n })
  })

  it('is on the percent of each line where corrections nearly cancel it', () => {
    // 10 % of 1,000.00 and of −999.95; 0.05 × 10 % = 0.005, so 0.01 in all. 900.00 × 8 % = 72.00.
    const result = assemble({
      ...PER_RATE,
      lines: [{ key: 'a', amount: 1000_00n, taxes: ['vat'] }, untaxed('correction', -999_95n)],
      taxes: [{ key: 'vat', rate: decimal('0.08'), inclusive: false }],
      discounts: [{ type: 'percent', part: decimal('0.1'), lines: null }],
    })
    expect(result).toMatchObject({
      totalDiscount: 1n,
      lineDiscounts: [100_00n, -99_99n],
      totalTax: 72_00n,
      total: 72_04n,
    })
  })

  it('is on what a discount leaves of an inclusive price', () => {
    // 10 % off 119 leaves 107.10 gross: 90.00 net and 17.10.
    expect(
      assembled({ lines: amounts('119'), taxes: { vat: tax('19', true) }, discounts: [percent('10')] }),
    ).toMatchObject({ sub_total: '119.00', taxable: '90.00', tax: '17.10', total: '107.10' })
  })
})

describe('credits', () => {
  it.each([
    // The tax stays whole: 108 − 100.
    {
      name: 'after tax',
      credits: [{ amount: '100', before_tax: false }],
      expected: { taxable: '100.00', tax: '8.00', total: '108.00', credits: '100.00', due: '8.00' },
    },
    {
      name: 'before tax',
      credits: [{ amount: '100', before_tax: true }],
      expected: {
        discount: '100.00',
        taxable: '0.00',
        tax: '0.00',
        total: '0.00',
        credits: '0.00',
        due: '0.00',
      },
    },
    // 100 − 40 = 60, tax 4.80, 64.80; of 50 and 20 after tax 50 and 14.80.
    {
      name: 'both, in their order and no further than the total',
      credits: [
        { amount: '50', before_tax: false },
        { amount: '40', before_tax: true },
        { amount: '20', before_tax: false },
      ],
      expected: { taxable: '60.00', tax: '4.80', credits: '64.80', due: '0.00', used: '50.00 40.00 14.80' },
    },
  ])('$name', ({ credits, expected }) => {
    expect(assembled({ lines: amounts('100'), taxes: { t: tax('8') }, credits })).toMatchObject(expected)
  })

  it('never take more than the rounded total, whatever the lines round to', () => {
    // 8 × 0.014 are 8 × 0.01; 40 % of 0.08 is 0.032, so 0.03.
    expect(
      assembled({
        lines: amounts(...Array.from({ length: 8 }, () => '0.014')),
        taxes: { t: tax('40') },
        credits: [{ amount: '5', before_tax: false }],
      }),
    ).toMatchObject({ sub_total: '0.08', tax: '0.03', total: '0.11', credits: '0.11', due: '0.00' })
  })
})

describe('what does not fit together', () => {
  it('is told all at once', () => {
    const faults = faultsOfAssembly(
      draft({
        currency: 'JPY',
        lines: [
          { key: 'a', amount: '1', tax: 'none' },
          { key: 'a', amount: '1' },
          { amount: '1', tax: ['x', 'y'] },
          { amount: '1', tax: ['x', 'x'] },
        ],
        taxes: { x: tax('5', true), y: tax('6', true) },
        discounts: [fixed('0.5'), percent('5', ['a', 'zzz'])],
        credits: [{ amount: '1.5', before_tax: true }],
      }),
    )
    expect(faults.map(({ path }) => path)).toEqual([
      'lines.1.key',
      'lines.0.tax',
      'lines.1.tax',
      'lines.2.tax',
      'lines.3.tax',
      'discounts.1.lines',
      'discounts.0.value',
      'credits.0.amount',
    ])
  })
})

const cents = fc.bigInt({ min: 0n, max: 5_000_00n }).map((amount) => formatMoney(amount, 'USD'))
const rate = fc.constantFrom('0', '5', '7', '9.975', '19', '40')
const anyDraft = fc
  .record({
    amounts: fc.array(cents, { minLength: 1, maxLength: 9 }),
    rates: fc.tuple(rate, rate),
    inclusive: fc.tuple(fc.boolean(), fc.boolean()),
    taxed: fc.array(fc.constantFrom('a', 'b'), { minLength: 9, maxLength: 9 }),
    tax_rounding: fc.constantFrom('per_rate', 'per_invoice', 'per_line'),
    discounts: fc.array(
      fc.record({
        type: fc.constantFrom('percent', 'fixed'),
        value: fc.integer({ min: 0, max: 100 }).map(String),
        line: fc.option(fc.integer({ min: 1, max: 9 })),
      }),
      { maxLength: 4 },
    ),
    credits: fc.array(fc.record({ amount: cents, before_tax: fc.boolean() }), { maxLength: 4 }),
  })
  .map(({ amounts, rates, inclusive, taxed, discounts, ...rest }) =>
    draft({
      ...rest,
      lines: amounts.map((amount, place) => ({ amount, tax: taxed[place]! })),
      taxes: { a: tax(rates[0], inclusive[0]), b: tax(rates[1], inclusive[1]) },
      discounts: discounts
        .filter(({ line }) => line === null || line <= amounts.length)
        .map(({ type, value, line }) => ({ type, value, lines: line === null ? undefined : [String(line)] })),
    }),
  )

describe('every invoice', () => {
  it('adds up, in its columns and in its totals, and is never below zero', () => {
    fc.assert(
      fc.property(anyDraft, (any) => {
        const input = readAssembly(any)
        const result = assemble(input)
        expect(sum(result.lineDiscounts)).toBe(result.totalDiscount)
        expect(sum(result.lineTaxes)).toBe(result.totalTax)
        expect(sum(result.taxes.map((one) => one.tax))).toBe(result.totalTax)
        expect(result.taxable + result.totalTax).toBe(result.total)
        expect(result.total - result.creditsAmount).toBe(result.amountDue)
        expect(result.amountDue >= 0n).toBe(true)
        for (const [place, line] of input.lines.entries()) {
          expect(result.lineDiscounts[place]! >= 0n).toBe(true)
          expect(result.lineDiscounts[place]! <= line.amount).toBe(true)
        }
        for (const [place, credit] of input.credits.entries()) {
          expect(result.creditsUsed[place]! >= 0n && result.creditsUsed[place]! <= credit.amount).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is within half a cent for each rounding of the exact total', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 20 }),
        rate,
        (thousandths, percentText) => {
          const lines = thousandths.map((value) => ({ amount: `${value}e-5` }))
          const result = assemble(readAssembly(draft({ lines, taxes: { t: tax(percentText) } })))
          const net = sumExact(lines.map(({ amount }) => decimal(amount)))
          const exact = multiply(net, decimal(String(100 + Number(percentText))))
          // `exact` is in cents, as it is a percentage of major units; a line's rounding is taxed with it.
          const error = Number(result.total * exact.den - exact.num) / Number(exact.den)
          const bound = 0.5 * (lines.length * (1 + Number(percentText) / 100) + 1)
          expect(Math.abs(error)).toBeLessThanOrEqual(bound + 1e-9)
        },
      ),
    )
  })
})
