import { describe, expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import type { FactBody } from '../../../src/revenue/accounting/facts.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { accountingContract, allocated, book, fact, fee, monthly, product, ssp, terms } from './contracts.ts'

const seats = product('seats', 'daily')
const licence = product('licence', 'point_in_time', {}, 'one_time')
const yearly = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
/** 365.00 for the days of 2026 and 300.00 for the licence. */
const signed = terms([fee('seats', '365'), fee('licence', '300')], yearly)

type Credit = Omit<Extract<FactBody, { kind: 'credit' }>, 'kind' | 'credit_ref'>
const noted = (date: string, { product_ref, amount, service }: Omit<Credit, 'document'>) =>
  fact(date, { kind: 'credit', credit_ref: 'CN1/1', document: 'CN1', product_ref, amount, service })

const deal = (
  facts: ReturnType<typeof fact>[],
  more: Partial<Parameters<typeof accountingContract>[0]> = {},
) =>
  accountingContract({
    products: [seats, licence],
    versions: [signed],
    books: [book([ssp('seats', '365', 'year'), ssp('licence', '300', 'once')])],
    facts,
    ...more,
  })
const june = { start: '2026-06-01', end: '2026-07-01' }

describe('a credit note on a planned fee', () => {
  it('is a price cut of what was given: 30.00 for June, credited in July', () => {
    const contract = deal([noted('2026-07-10', { product_ref: 'seats', amount: '30.00', service: june })])
    expect(allocated(contract)).toEqual({ seats: 33_500n, licence: 30_000n })
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 3_000n, '2026-07': 3_100n - 3_000n })
    expect(planContract(contract, 'ASC606').plan.versions).toMatchObject([
      { date: '2026-07-10', treatment: 'catch_up', price: 63_500n },
    ])
  })

  it('is one of what is to come: 30.00 for June, credited in May, are 1.00 a day of what is left', () => {
    const contract = deal([noted('2026-05-16', { product_ref: 'seats', amount: '30.00', service: june })])
    // 230 days from 16 May on have 230.00, and then 200.00: 15.00 + 16 × 200 / 230 = 28.913… for May.
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-04': 3_000n, '2026-05': 2_891n })
    expect(allocated(contract)).toEqual({ seats: 33_500n, licence: 30_000n })
    expect(planContract(contract, 'ASC606').plan.versions).toMatchObject([{ treatment: 'prospective' }])
  })

  it('is split by days: of 30.00 for June on the 16th half is for days that are over', () => {
    const contract = deal([noted('2026-06-16', { product_ref: 'seats', amount: '30.00', service: june })])
    // 15 days of 1.00 less 15.00; then 199 days with 199.00 less 15.00: 15 × 184 / 199 = 13.869…
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 1_387n })
    expect(planContract(contract, 'ASC606').plan.versions).toMatchObject([{ treatment: 'mixed' }])
    expect(allocated(contract)).toEqual({ seats: 33_500n, licence: 30_000n })
  })

  it('is for service given where it has no days: an outage of June on the 16th', () => {
    const contract = deal([noted('2026-06-16', { product_ref: 'seats', amount: '10.00' })])
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 3_000n - 1_000n, '2026-07': 3_100n })
  })

  it('takes back what was handed over, and waits with what was not', () => {
    const day = { start: '2026-01-01', end: '2026-01-01' }
    const credit = noted('2026-03-05', { product_ref: 'licence', amount: '100.00', service: day })
    expect(monthly(deal([credit]), 'licence')).toEqual({ '2026-01': 30_000n, '2026-03': -10_000n })
    const waiting = product('licence', 'point_in_time', { on_delivery: true }, 'one_time')
    const delivered = fact('2026-05-01', { kind: 'delivery', delivery_ref: 'd', product_ref: 'licence' })
    const contract = deal([credit, delivered], { products: [seats, waiting] })
    expect(monthly(contract, 'licence')).toEqual({ '2026-05': 20_000n })
  })

  it('is of the promise that the product is combined with', () => {
    const setup = product('licence', 'point_in_time', { combined_with: 'seats' }, 'one_time')
    const day = { start: '2026-01-01', end: '2026-01-01' }
    const credit = noted('2026-04-01', { product_ref: 'licence', amount: '73.00', service: day })
    const contract = deal([credit], { products: [seats, setup] })
    // 665.00 less 73.00 over 365 days; the 90 days before April had 90 × 0.20 = 18.00 too much.
    expect(monthly(contract, 'seats')['2026-04']).toBe(4_866n - 1_800n)
    expect(allocated(contract)).toEqual({ seats: 59_200n })
  })

  it('is shared by the parts of a product by what they have earned', () => {
    const grown = {
      effectiveDate: '2026-07-01',
      terms: terms(
        [
          fee('seats', '365', { billing_end_date: '2026-07-01' }),
          fee('seats', '365', { billing_start_date: '2026-07-01', quantity: '2' }),
          fee('licence', '300'),
        ],
        yearly,
      ),
    }
    const july = { start: '2026-07-01', end: '2026-08-01' }
    const credit = noted('2026-10-01', { product_ref: 'seats', amount: '73.00', service: july })
    const contract = deal([credit], { versions: [signed, grown] })
    // On 1 October the first seat has earned 273.00 and the second one 92.00: 73 × 273 / 365 = 54.60, and 18.40.
    expect(allocated(contract)).toMatchObject({ seats: 31_040n, 'seats@2026-07-01.2': 16_560n })
  })

  it('takes no more of what is to come than is left: the rest was paid for what was given', () => {
    const whole = { start: '2026-12-01', end: '2027-01-01' }
    const credit = noted('2026-12-01', { product_ref: 'seats', amount: '40.00', service: whole })
    // 31.00 are left; 9.00 are taken back at once.
    expect(monthly(deal([credit]), 'seats')).toMatchObject({ '2026-11': 3_000n, '2026-12': -900n })
  })

  it('says nothing of a product that follows its invoice lines', () => {
    const credit = noted('2026-06-16', { product_ref: 'calls', amount: '10.00', service: june })
    expect(monthly(deal([credit]))).toEqual(monthly(deal([])))
  })

  it('counts from the day on which its product was agreed', () => {
    const credit = noted('2025-12-20', {
      product_ref: 'seats',
      amount: '36.50',
      service: { start: '2026-01-01', end: '2027-01-01' },
    })
    // 328.50 over 365 days are 0.90 a day.
    expect(monthly(deal([credit]), 'seats')).toMatchObject({ '2026-01': 2_790n, '2026-12': 2_790n })
  })
})

describe('a price cut of days that are promised no longer', () => {
  const ended = (end: string, createdAt: number) => ({
    effectiveDate: end,
    terms: terms([fee('seats', '365'), fee('licence', '300')], { ...yearly, end_date: end }),
    createdAt,
  })
  const cut = (date: string, amount: string, createdAt: number, more: Partial<Credit> = {}) =>
    fact(
      date,
      {
        ...{ kind: 'credit', credit_ref: 'd/1', document: 'd', product_ref: 'seats', amount },
        service: { start: date, end: '2027-01-01' },
        ...more,
      },
      { createdAt },
    )

  it('is not given back with them: of 73.00 off the year 36.80 were for the half that is gone', () => {
    const contract = deal([cut('2026-01-01', '73.00', 2_000)], {
      versions: [signed, ended('2026-07-01', 3_000)],
    })
    // 181 days at 0.80.
    expect(allocated(contract)).toEqual({ seats: 14_480n, licence: 30_000n })
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-01': 2_480n, '2026-06': 2_400n })
  })

  it('is given back in part with some of the seats, and as a whole with another price', () => {
    const from = (price: string, quantity: string) => ({
      effectiveDate: '2026-07-01',
      createdAt: 3_000,
      terms: terms(
        [
          fee('seats', '365', { quantity: '4', billing_end_date: '2026-07-01' }),
          fee('seats', price, { quantity, billing_start_date: '2026-07-01' }),
        ],
        yearly,
      ),
    })
    const four = terms([fee('seats', '365', { quantity: '4' })], yearly)
    const off = cut('2026-01-01', '146.00', 2_000)
    const priced = (price: string, quantity: string) =>
      allocated(deal([off], { versions: [four, from(price, quantity)], products: [seats] }))
    // 4 × 181 + 3 × 184 = 1,276 less 0.40 a day: 181 × 0.40 and, with three of four seats, 184 × 0.30 = 127.60.
    expect(priced('365', '3')).toEqual({ seats: 127_600n - 12_760n })
    // 4 × 181 + 4 × 184 × 2 = 2,196, of which the half at another price has nothing off: 181 × 0.40 = 72.40.
    expect(priced('730', '4')).toEqual({ seats: 219_600n - 7_240n })
    // More seats at the same price take nothing away from the others.
    const more = Object.values(priced('365', '5'))
    expect(sum(more)).toBe(164_400n - 14_600n)
  })

  it('is a loss of what was to come: half of it from April on is given up, and the term ends in June', () => {
    const lost = cut('2026-04-01', '137.50', 2_000, { written_off: true })
    const contract = deal([lost], { versions: [signed, ended('2026-07-01', 3_000)] })
    // 90 days at 1.00, 91 at 0.50.
    expect(monthly(contract, 'seats')).toEqual({
      ...{ '2026-01': 3_100n, '2026-02': 2_800n, '2026-03': 3_100n },
      ...{ '2026-04': 1_500n, '2026-05': 1_550n, '2026-06': 1_500n },
    })
    expect(allocated(deal([lost]))).toMatchObject({ seats: 36_500n - 13_750n })
  })

  it.each([
    { name: 'before the term ends on the same day', lostAt: 2_000 },
    { name: 'at the same time', lostAt: 3_000 },
    { name: 'after it', lostAt: 4_000 },
  ])('takes nothing from days before it, written off $name', ({ lostAt }) => {
    const lost = cut('2026-07-01', '184.00', lostAt, { written_off: true })
    const contract = deal([lost], { versions: [signed, ended('2026-07-01', 3_000)] })
    expect(allocated(contract)).toEqual({ seats: 18_100n, licence: 30_000n })
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 3_000n })
    expect(monthly(contract, 'seats')).not.toHaveProperty('2026-08')
  })
})

describe('an invoice that is taken back', () => {
  const year = { start: '2026-01-01', end: '2027-01-01' }
  const voided = (date: string, amount: string, service: typeof year, createdAt = 4_000) =>
    fact(
      date,
      {
        ...{ kind: 'credit', credit_ref: 'INV1/1', document: 'INV1', product_ref: 'seats', amount },
        ...{ service, voided: true },
      },
      { createdAt },
    )

  it('lowers the price by what is not billed: of 365.00 nothing is left, and what was earned goes at once', () => {
    const contract = deal([voided('2026-07-01', '365.00', year)])
    expect(allocated(contract)).toEqual({ seats: 0n, licence: 30_000n })
    // 181 days were earned.
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 3_000n, '2026-07': -18_100n })
  })

  it('takes nothing from days that the contract has given up before', () => {
    const end = { ...signed, end_date: '2026-07-01' }
    const ended = { effectiveDate: '2026-07-01', createdAt: 3_000, terms: end }
    const half = { start: '2026-04-01', end: '2027-01-01' }
    // 275.00 for April to December, of which 91.00 are still promised: 90.00 of 181.00 are left.
    const contract = deal([voided('2026-07-01', '275.00', half)], { versions: [signed, ended] })
    expect(allocated(contract)).toEqual({ seats: 9_000n, licence: 30_000n })
  })
})
