import fc from 'fast-check'
import type { AccountingContract } from '../../../src/revenue/accounting/accounting-contract.ts'
import { accountingContract, book, fact, fee, product, ssp, terms } from './contracts.ts'

/** Generated contracts of 2026, with a later version and facts of every kind, for the laws. */

export const PRODUCTS = [
  product('seats', 'daily'),
  product('support', 'month_even'),
  product('licence', 'point_in_time', {}, 'one_time'),
  product(
    'rollout',
    'milestone',
    {
      milestones: [
        { name: 'a', weight: '1' },
        { name: 'b', weight: '2' },
      ],
    },
    'one_time',
  ),
]
export const BOOK = book([
  ssp('seats', '90'),
  ssp('support', '35.55'),
  ssp('licence', '700', 'once'),
  ssp('rollout', '512', 'once'),
])

const amount = fc.integer({ min: 0, max: 100_000 }).map((cents) => (cents / 100).toFixed(2))
export const month = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((place) => `2026-${String(place).padStart(2, '0')}-01`)

export const signedTerms = fc
  .record({
    seats: amount,
    support: amount,
    licence: amount,
    rollout: amount,
    units: fc.integer({ min: 1, max: 9 }),
  })
  .map((fees) =>
    terms([
      fee('seats', fees.seats, { quantity: String(fees.units) }),
      fee('support', fees.support),
      fee('licence', fees.licence),
      fee('rollout', fees.rollout),
    ]),
  )

/** From a month on other seats at another price; or the end. */
export const laterVersion = fc.record({
  date: month(2, 11),
  seats: amount,
  units: fc.integer({ min: 1, max: 12 }),
  ends: fc.boolean(),
})

export const statements = fc.array(
  fc.oneof(
    fc
      .record({ date: month(1, 12), milestone: fc.constantFrom('a', 'b') })
      .map(({ date, milestone }) =>
        fact(date, { kind: 'delivery', delivery_ref: date + milestone, product_ref: 'rollout', milestone }),
      ),
    fc.record({ date: month(1, 12), bonus: amount }).map(({ date, bonus }) =>
      fact(date, {
        kind: 'estimate',
        key: 'bonus',
        promised: 'inception',
        method: 'amount',
        amount: bonus,
      }),
    ),
    fc
      .record({ date: month(1, 12), cut: amount, from: month(1, 6), to: month(7, 12) })
      .map(({ date, cut, from, to }) =>
        fact(date, {
          kind: 'credit',
          credit_ref: date,
          document: date,
          product_ref: 'seats',
          amount: cut,
          service: { start: from, end: to },
        }),
      ),
  ),
  { maxLength: 4 },
)

type Later = { date: string; seats: string; units: number; ends: boolean }

export const contracts: fc.Arbitrary<AccountingContract> = fc
  .record({ signed: signedTerms, later: fc.option(laterVersion, { nil: undefined }), facts: statements })
  .map(({ signed, later, facts }) => build(signed, later, facts))

export function build(
  signed: ReturnType<typeof terms>,
  later: Later | undefined,
  facts: AccountingContract['facts'],
) {
  const versions: Parameters<typeof accountingContract>[0]['versions'] = later
    ? [signed, { effectiveDate: later.date, terms: amended(signed, later) }]
    : [signed]
  return accountingContract({ products: PRODUCTS, versions, books: [BOOK], facts: [...facts] })
}

export function amended(signed: ReturnType<typeof terms>, { date, seats, units, ends }: Later) {
  if (ends) return { ...signed, end_date: date }
  const [first, ...others] = signed.products
  return {
    ...signed,
    products: [
      { ...first!, billing_end_date: date },
      fee('seats', seats, { quantity: String(units), billing_start_date: date }),
      ...others,
    ],
  }
}
