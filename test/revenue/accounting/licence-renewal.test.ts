import { describe, expect, it } from 'vitest'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { differenceOf } from '../../../src/revenue/accounting/schedule-of.ts'
import type { Framework } from '../../../src/revenue/policy.ts'
import { accountingContract, allocated, book, fee, product, ssp, terms } from './contracts.ts'

const licence = product('licence', 'point_in_time')
const support = product('support', 'month_even')
const yearly = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
const sold = (renewedFor = '1200') => [
  fee('licence', '1200', { billing_end_date: '2027-01-01' }),
  fee('licence', renewedFor, { billing_start_date: '2027-01-01' }),
  fee('support', '600'),
]
const signed = terms(sold(), yearly)
const AGREED_AT = Date.UTC(2026, 10, 15, 12)

/** A licence for 1,200.00 a year and its support for 600.00, for 2026, and what became of them. */
const deal = (...later: { effectiveDate: string; end: string; licence?: string; at?: number }[]) =>
  accountingContract({
    products: [licence, support],
    versions: [
      signed,
      ...later.map(({ effectiveDate, end, licence: price, at = AGREED_AT }) => ({
        effectiveDate,
        terms: terms(sold(price), { ...yearly, end_date: end }),
        createdAt: at,
      })),
    ],
    books: [book([ssp('licence', '1200', 'year'), ssp('support', '600', 'year')])],
  })

const portions = (contract: ReturnType<typeof deal>, framework: Framework, key: string) =>
  planContract(contract, framework)
    .plan.portions.filter((portion) => portion.key.startsWith(key))
    .map(({ date, amount }) => [date, amount])

describe('a licence that is renewed on 15 November for the next year', () => {
  const renewed = deal({ effectiveDate: '2027-01-01', end: '2028-01-01' })

  it('is revenue of the renewal period under US GAAP', () => {
    expect(portions(renewed, 'ASC606', 'licence')).toEqual([
      ['2026-01-01', 120_000n],
      ['2027-01-01', 120_000n],
    ])
  })

  it('is revenue of the day of the agreement under IFRS 15; its support is given later all the same', () => {
    expect(portions(renewed, 'IFRS15', 'licence')).toEqual([
      ['2026-01-01', 120_000n],
      ['2026-11-15', 120_000n],
    ])
    expect(portions(renewed, 'IFRS15', 'support')).toEqual(portions(renewed, 'ASC606', 'support'))
    expect(allocated(renewed, 'IFRS15')).toEqual(allocated(renewed, 'ASC606'))
  })

  it('differs in the second book by what one has earlier than the other', () => {
    const [first, second] = (['ASC606', 'IFRS15'] as const).map(
      (framework) => planContract(renewed, framework).obligations,
    )
    const differences = differenceOf(first!, second!).flatMap(({ key, portions: own }) =>
      own.map(({ date, amount }) => [key, date, amount]),
    )
    expect(differences).toEqual([
      ['licence@2027-01-01.2', '2026-11-15', 120_000n],
      ['licence@2027-01-01.2', '2027-01-01', -120_000n],
    ])
  })

  it.each([
    ['ASC606', 'waits for the renewal period', [2]],
    ['IFRS15', 'when the renewal is agreed', [2, 2]],
  ] as const)('is explained under %s', (framework, text, versions) => {
    const { plan, source } = planContract(renewed, framework)
    expect(plan.versions[0]!.reasons).toContainEqual({
      rule: 'licence_renewal',
      text: expect.stringContaining(text),
    })
    expect(plan.versions.map(({ place }) => source.changeOrigins[place]!.version)).toEqual(versions)
  })
})

describe('a renewed licence under IFRS 15', () => {
  it.each([
    {
      name: 'is agreed for at once: from the day that the terms name',
      effectiveDate: '2026-06-01',
      day: '2026-06-01',
    },
    {
      name: 'was agreed before, and written down late',
      effectiveDate: '2026-06-01',
      at: Date.UTC(2027, 5, 1),
      day: '2026-06-01',
    },
    {
      name: 'waits for the first licence',
      effectiveDate: '2026-06-01',
      at: Date.UTC(2025, 11, 1),
      day: '2026-01-01',
    },
  ])('$name', ({ effectiveDate, at, day }) => {
    const contract = deal({ effectiveDate, end: '2028-01-01', ...(at === undefined ? {} : { at }) })
    expect(portions(contract, 'IFRS15', 'licence@')).toEqual([[day, 120_000n]])
    expect(portions(contract, 'ASC606', 'licence@')).toEqual([['2027-01-01', 120_000n]])
  })

  it('is divided with what is left of the term where its price is none that it sells for', () => {
    const dearer = deal({ effectiveDate: '2027-01-01', end: '2028-01-01', licence: '1300' })
    // On 15 November 10/12 of the support and 14 of the 30 days of November are given: 600 × (10 + 14/30)/12 = 523.33,
    // and 76.67 are left. 1,300 + 76.67 are divided by 1,200 and 76.666…: 1,376.67 × 1,200 / 1,276.666… = 1,294.00.
    expect(portions(dearer, 'IFRS15', 'licence@')).toEqual([['2026-11-15', 129_400n]])
    // Support of 2027 stays at 600; that of 2026 has 523.33 + 82.67.
    expect(allocated(dearer, 'IFRS15')).toMatchObject({ support: 60_600n, 'support@2027-01-01.2': 60_000n })
  })
})

describe('a renewal that is called off before it begins', () => {
  const renewal = { effectiveDate: '2027-01-01', end: '2028-01-01' }
  const calledOff = deal(
    { ...renewal, effectiveDate: '2026-11-15' },
    { effectiveDate: '2026-12-01', end: '2027-01-01', at: Date.UTC(2026, 11, 1) },
  )

  it('is nothing under US GAAP', () => {
    expect(portions(calledOff, 'ASC606', 'licence')).toEqual([['2026-01-01', 120_000n]])
    // 50.00 a month, to the end.
    expect(allocated(calledOff)).toEqual({
      licence: 120_000n,
      support: 60_000n,
      'licence@2027-01-01.2': 0n,
      'support@2027-01-01.2': 0n,
    })
  })
})
