import { describe, expect, it } from 'vitest'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { accountingContract, allocated, book, fact, fee, monthly, product, ssp, terms } from './contracts.ts'

const seats = product('seats', 'month_even')
const setup = product('setup', 'point_in_time', {}, 'one_time')
const prices = book([ssp('seats', '100'), ssp('setup', '300', 'once')])

/** 12 × 100.00 for the seats and 600.00 for the setup: 1,800.00, where they sell for 1,200.00 and 300.00. */
const signed = terms([fee('seats', '100'), fee('setup', '600')])
const deal = (more: Partial<Parameters<typeof accountingContract>[0]> = {}) =>
  accountingContract({ products: [seats, setup], versions: [signed], books: [prices], ...more })

describe('a contract with selling prices', () => {
  it('is divided by them: 1,800 × 1,200 / 1,500 = 1,440 and 1,800 × 300 / 1,500 = 360', () => {
    expect(allocated(deal())).toEqual({ seats: 144_000n, setup: 36_000n })
    // 1,440 / 12 = 120 a month, and the setup when it is handed over.
    expect(monthly(deal())).toMatchObject({ '2026-01': 48_000n, '2026-02': 12_000n, '2026-12': 12_000n })
  })

  it('has a yearly fee beside monthly ones for the year that it is for', () => {
    // 1,800 and 12 × 100 are 3,000; they sell for 1,200 each, so each has 1,500, 125 a month.
    const own = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
    const mixed = deal({
      products: [seats, product('platform', 'month_even')],
      books: [book([ssp('seats', '100'), ssp('platform', '1200', 'year')])],
      versions: [terms([fee('seats', '100'), fee('platform', '1800', own)])],
    })
    expect(allocated(mixed)).toEqual({ seats: 150_000n, platform: 150_000n })
    expect(monthly(mixed)).toMatchObject({ '2026-01': 25_000n, '2026-07': 25_000n, '2026-12': 25_000n })
  })

  it('takes more seats at the list price as a contract of their own', () => {
    const more = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '100', { billing_start_date: '2026-07-01', quantity: '3' }),
        fee('setup', '600'),
      ]),
    }
    const grown = deal({ versions: [signed, more] })
    // Two more seats for six months at 100 sell for 1,200 and cost 1,200.
    const { plan } = planContract(grown, 'ASC606')
    expect(plan.versions).toMatchObject([{ treatment: 'separate_contract', price: 300_000n }])
    expect(allocated(grown)).toEqual({ seats: 144_000n, setup: 36_000n, 'seats@2026-07-01.2': 120_000n })
    expect(monthly(grown)).toMatchObject({ '2026-06': 12_000n, '2026-07': 12_000n + 20_000n })
  })

  it.each([
    {
      name: '17 of 31 days at 10.00: 5.48, and 5.4838… by the book',
      day: '2026-03-15',
      cycle: 'MONTHLY',
      price: '10',
    },
    {
      name: '92 of 365 days of 365.00, and not three months',
      day: '2026-10-01',
      cycle: 'YEARLY',
      price: '365',
    },
    {
      name: 'the same of a year in a contract by months',
      day: '2026-10-01',
      cycle: 'YEARLY',
      price: '365',
      isOwn: true,
    },
  ] as const)('knows the list price of a part of a cycle: $name', ({ day, cycle, price, ...given }) => {
    const billed = { billing_cycle: { unit: cycle, cycle: 1 } }
    const [more, of] = 'isOwn' in given ? [{}, billed] : [billed, {}]
    const own = ssp('seats', price, cycle === 'YEARLY' ? 'year' : 'month')
    const grown = deal({
      products: [seats],
      books: [book([own])],
      versions: [
        terms([fee('seats', price, of)], more),
        {
          effectiveDate: day,
          terms: terms(
            [
              fee('seats', price, { ...of, billing_end_date: day }),
              fee('seats', price, { ...of, billing_start_date: day, quantity: '2' }),
            ],
            more,
          ),
        },
      ],
    })
    expect(planContract(grown, 'ASC606').plan.versions).toMatchObject([{ treatment: 'separate_contract' }])
  })

  it('spreads a price cut over what is left', () => {
    const cut = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '80', { billing_start_date: '2026-07-01' }),
        fee('setup', '600'),
      ]),
    }
    const cheaper = deal({ versions: [signed, cut] })
    // 720 left, less 6 × 20 = 120: 600 over six months.
    expect(planContract(cheaper, 'ASC606').plan.versions).toMatchObject([{ treatment: 'prospective' }])
    expect(monthly(cheaper)).toMatchObject({ '2026-06': 12_000n, '2026-07': 10_000n, '2026-12': 10_000n })
  })

  it('leaves the rest at its price when units become fewer, and fewer again', () => {
    // Four cycles of 30 days: seats at 1.00 a day each, support at 4.00, both as they sell.
    const days = ['2026-01-01', '2026-01-31', '2026-03-02', '2026-05-01']
    const units = (...quantities: string[]) => {
      const seats = quantities.map((quantity, place) => {
        const last = place === quantities.length - 1 ? undefined : days[place + 1]!
        const until = last === undefined ? {} : { billing_end_date: last }
        return fee('seats', '30', { quantity, billing_start_date: days[place]!, ...until })
      })
      const billing = { billing_cycle: { unit: 'DAILY', cycle: 30 }, end_date: '2026-05-01' } as const
      return terms([...seats, fee('support', '120')], billing)
    }
    const shrunk = deal({
      products: [product('seats', 'daily'), product('support', 'daily')],
      books: [book([ssp('seats', '30'), ssp('support', '120')])],
      versions: [
        units('4'),
        { effectiveDate: '2026-01-31', terms: units('4', '2') },
        { effectiveDate: '2026-03-02', terms: units('4', '2', '1') },
      ],
    })
    // 30 × 4.00 and 2.00; 28 × 2.00; 2.00 and 30 × 1.00; 30 × 1.00. Support has 4.00 a day.
    expect(monthly(shrunk, 'seats')).toEqual({
      '2026-01': 12_200n,
      '2026-02': 5_600n,
      '2026-03': 3_200n,
      '2026-04': 3_000n,
    })
    expect(monthly(shrunk, 'support')).toMatchObject({ '2026-03': 12_400n, '2026-04': 12_000n })
  })

  it('ends early: what the setup took beyond its fee is settled at once', () => {
    const ended = {
      effectiveDate: '2026-07-01',
      terms: terms([fee('seats', '100'), fee('setup', '600')], { end_date: '2026-07-01' }),
    }
    const short = deal({ versions: [signed, ended] })
    // Billed 600 + 600 = 1,200; earned by then 360 + 6 × 120 = 1,080: the 120 left over are revenue at once.
    expect(monthly(short)).toEqual({
      '2026-01': 48_000n,
      '2026-02': 12_000n,
      '2026-03': 12_000n,
      '2026-04': 12_000n,
      '2026-05': 12_000n,
      '2026-06': 12_000n,
      '2026-07': 12_000n,
    })
  })

  it('ends early: what is left over belongs to each promise by what it has earned', () => {
    const sold = [fee('seats', '100'), fee('support', '50'), fee('setup', '600')]
    const short = deal({
      products: [seats, product('support', 'month_even'), setup],
      books: [book([ssp('seats', '100'), ssp('support', '50'), ssp('setup', '200', 'once')])],
      versions: [
        terms(sold),
        { effectiveDate: '2026-07-01', terms: terms(sold, { end_date: '2026-07-01' }) },
      ],
    })
    // 2,400 × 1,200 / 2,000 = 1,440, 720 and 240. Billed 1,500 by July, earned 240 + 6 × (120 + 60) = 1,320: of the 180
    // left over seats, which have earned 720 of 1,080, have 120, and support has 60.
    expect(allocated(short)).toEqual({ seats: 84_000n, support: 42_000n, setup: 24_000n })
  })

  it.each([
    // 365 days for 365.00, of which 90 are over on 1 April.
    { mode: 'gives back', credits_unused: true as const, april: undefined, price: 9_000n },
    { mode: 'keeps', credits_unused: undefined, april: 27_500n, price: 36_500n },
  ])('ends inside a year that was billed ahead, and $mode what is left of it', (ended) => {
    const sold = [fee('licence', '365')]
    const yearly = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
    const { credits_unused } = ended
    const end = { ...yearly, end_date: '2026-04-01', credits_unused }
    const short = deal({
      products: [product('licence', 'daily')],
      books: [book([ssp('licence', '365', 'year')])],
      versions: [
        terms(sold, yearly),
        { effectiveDate: '2026-04-01', terms: terms(sold, end), createdAt: Date.parse('2026-04-01') },
      ],
    })
    expect(planContract(short, 'ASC606').plan.versions).toMatchObject([{ price: ended.price }])
    expect(monthly(short)).toEqual({
      '2026-01': 3_100n,
      '2026-02': 2_800n,
      '2026-03': 3_100n,
      ...(ended.april !== undefined && { '2026-04': ended.april }),
    })
  })

  it('ends before a month is billed, and keeps nothing of it', () => {
    const sold = [fee('seats', '100'), fee('setup', '600')]
    const end = { ...terms(sold, { end_date: '2026-04-01' }) }
    const written = { effectiveDate: '2026-04-01', createdAt: Date.parse('2026-04-01T00:00:30Z') }
    const short = deal({ versions: [signed, { ...written, terms: end }] })
    // 3 × 100.00 and 600.00 are billed.
    expect(planContract(short, 'ASC606').plan.versions).toMatchObject([{ price: 90_000n }])
  })

  it('goes on for another term as a part of its own', () => {
    const renewed = { effectiveDate: '2027-01-01', terms: { ...signed, end_date: '2028-01-01' } }
    const longer = deal({ versions: [signed, renewed] })
    expect(allocated(longer)).toEqual({ seats: 144_000n, setup: 36_000n, 'seats@2027-01-01.2': 120_000n })
    expect(monthly(longer)).toMatchObject({ '2026-12': 12_000n, '2027-01': 10_000n, '2027-12': 10_000n })
  })

  it('books a bonus that is expected later in the proportions of inception', () => {
    const bonus = fact('2026-07-01', {
      kind: 'estimate',
      key: 'bonus',
      promised: 'inception',
      method: 'amount',
      amount: '150',
    })
    // 150 × 1,200 / 1,500 = 120 for the seats, half of them caught up; 30 for the setup at once.
    expect(monthly(deal({ facts: [bonus] }))).toMatchObject({
      '2026-06': 12_000n,
      '2026-07': 12_000n + 6_000n + 3_000n + 1_000n,
      '2026-12': 13_000n,
    })
  })
})

describe('seats of which some are a contract of their own', () => {
  const upTo = (day: string) => ({ billing_end_date: day })
  const from = (day: string, quantity: string, end?: string) => ({
    billing_start_date: day,
    quantity,
    ...(end !== undefined && { billing_end_date: end }),
  })
  const [april, july] = ['2026-04-01', '2026-07-01']
  const grown = {
    effectiveDate: april,
    terms: terms([
      fee('seats', '100', upTo(april)),
      fee('seats', '100', from(april, '2')),
      fee('setup', '600'),
    ]),
  }

  it('are one pool with the others where both are changed: 2 × 80.00 from July on', () => {
    const cheaper = {
      effectiveDate: july,
      terms: terms([
        fee('seats', '100', upTo(april)),
        fee('seats', '100', from(april, '2', july)),
        fee('seats', '80', from(july, '2')),
        fee('setup', '600'),
      ]),
    }
    const contract = deal({ versions: [signed, grown, cheaper] })
    // 720 and 600 are left, less 2 × 6 × 20 = 240: 1,080, half of it for each, since both sell for 600.
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 12_000n, '2026-07': 9_000n })
    expect(monthly(contract, 'seats@2026-04-01.2')).toMatchObject({ '2026-06': 10_000n, '2026-07': 9_000n })
    // Each by itself would earn 100 and 80: of the seats together, 180 a month, as well.
    expect(monthly(contract)).toMatchObject({ '2026-07': 18_000n, '2026-12': 18_000n })
  })

  it('end with the others: what is left over is settled at once', () => {
    const ended = { effectiveDate: july, terms: { ...grown.terms, end_date: july } }
    // 720 and 600 are left, and 1,200 fall away: 120 at once, as 720 and 300 were earned: 84.71 and 35.29.
    const contract = deal({ versions: [signed, grown, ended] })
    expect(allocated(contract)).toEqual({ seats: 80_471n, setup: 36_000n, 'seats@2026-04-01.2': 33_529n })
  })

  it('stay apart where the change is theirs alone', () => {
    const support = product('support', 'month_even')
    const added = terms([fee('seats', '100'), fee('setup', '600'), fee('support', '50', from(april, '1'))])
    const cheaper = terms([
      ...added.products.slice(0, 2),
      fee('support', '50', from(april, '1', july)),
      fee('support', '40', from(july, '1')),
    ])
    const contract = deal({
      products: [seats, setup, support],
      versions: [signed, { effectiveDate: april, terms: added }, { effectiveDate: july, terms: cheaper }],
      books: [book([...prices.entries, ssp('support', '50')])],
    })
    // 9 × 50 for the support; 300 less 60 from July on. The seats keep their 120.
    expect(monthly(contract, 'support')).toMatchObject({ '2026-06': 5_000n, '2026-07': 4_000n })
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 12_000n, '2026-07': 12_000n })
  })
})

describe('what revenue of a contract follows', () => {
  const rollout = product(
    'rollout',
    'milestone',
    {
      milestones: [
        { name: 'design', weight: '1' },
        { name: 'live', weight: '3' },
      ],
    },
    'one_time',
  )
  const given = (more: Partial<Parameters<typeof accountingContract>[0]>) =>
    accountingContract({ products: [seats, rollout], versions: [terms([fee('seats', '100')])], ...more })
  const basisOf = (contract: ReturnType<typeof given>) => contract.members[0].basis

  it('is its lines without selling prices, without an end, or where it can be left at any time', () => {
    expect(basisOf(given({}))).toBe('lines')
    const books = [book([ssp('seats', '100')])]
    expect(basisOf(given({ books }))).toBe('ssp')
    expect(basisOf(given({ books, versions: [terms([fee('seats', '100')], { end_date: null })] }))).toBe(
      'lines',
    )
    const leavable = terms([fee('seats', '100')], { termination_notice_days: 30 })
    expect(basisOf(given({ books, versions: [leavable] }))).toBe('lines')
    const later = { ...book([ssp('seats', '100')]), createdAt: 5_000 }
    expect(basisOf(given({ books: [later] }))).toBe('lines')
  })

  it('is what was delivered, at its stated price, of an endless contract', () => {
    const versions: [ReturnType<typeof terms>] = [
      terms([fee('seats', '100'), fee('rollout', '800')], { end_date: null }),
    ]
    const facts = [
      fact('2026-02-10', {
        kind: 'delivery',
        delivery_ref: 'a',
        product_ref: 'rollout',
        milestone: 'design',
      }),
      fact('2026-05-20', { kind: 'delivery', delivery_ref: 'b', product_ref: 'rollout', milestone: 'live' }),
    ]
    const contract = given({ versions, facts })
    expect(basisOf(contract)).toBe('stated')
    // 800 × 1/4 and 800 × 3/4; the seats follow their lines.
    expect(monthly(contract)).toEqual({ '2026-02': 20_000n, '2026-05': 60_000n })
  })

  it('keeps the prices of its day, and prices what an amendment adds by those of the amendment', () => {
    const dearer = {
      ...book([ssp('seats', '200'), ssp('setup', '300', 'once')], 2),
      effectiveDate: '2026-06-01',
    }
    const books = [prices, dearer]
    expect(allocated(deal({ books }))).toEqual({ seats: 144_000n, setup: 36_000n })
    const more = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '150', { billing_start_date: '2026-07-01', quantity: '2' }),
        fee('setup', '600'),
      ]),
    }
    // One more seat sells for 6 × 200 = 1,200, and 6 × 200 = 1,200 are added: a contract of its own.
    const { plan } = planContract(deal({ books, versions: [signed, more] }), 'ASC606')
    expect(plan.versions).toMatchObject([{ treatment: 'separate_contract' }])
  })
})

describe('kinds of promises', () => {
  it('takes what is not distinct with the promise that it belongs to', () => {
    const included = product('setup', 'point_in_time', { combined_with: 'seats' }, 'one_time')
    const contract = deal({ products: [seats, included], books: [book([ssp('seats', '100')])] })
    // 1,200 + 600 over twelve months.
    expect(allocated(contract)).toEqual({ seats: 180_000n })
    expect(monthly(contract)['2026-03']).toBe(15_000n)
  })

  it('earns units as they are delivered, and by a new estimate of all of them', () => {
    const hours = product('hours', 'units', { total_units: '100' }, 'one_time')
    const delivery = (date: string, quantity: string, expected_total?: string) =>
      fact(date, { kind: 'delivery', delivery_ref: date, product_ref: 'hours', quantity, expected_total })
    const contract = deal({
      products: [hours],
      versions: [terms([fee('hours', '5000')])],
      books: [],
      facts: [delivery('2026-02-10', '30'), delivery('2026-03-10', '18', '120')],
    })
    // 5,000 × 30/100 = 1,500; then 5,000 × 48/120 = 2,000.
    expect(monthly(contract)).toEqual({ '2026-02': 150_000n, '2026-03': 50_000n })
  })

  it('leaves a residual what the others leave over, and keeps a stated price inside its range', () => {
    const residual = {
      ...ssp('setup', '0', 'once'),
      method: 'residual' as const,
      price: { residual: 'highly_variable' as const },
    }
    const range = { ...ssp('seats', '0'), price: { low: '90', high: '110' } }
    // The seats stay at their stated 1,200, so the setup has 600.
    expect(allocated(deal({ books: [book([range, residual])] }))).toEqual({ seats: 120_000n, setup: 60_000n })
  })

  it('follows a judgement in place of the rules, and keeps what the rules say', () => {
    const cut = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '80', { billing_start_date: '2026-07-01' }),
        fee('setup', '600'),
      ]),
    }
    const judged = fact(
      '2026-07-01',
      { kind: 'treatment', version: 2, treatment: 'catch_up' },
      { reason: 'A discount for outages' },
    )
    const { plan } = planContract(deal({ versions: [signed, cut], facts: [judged] }), 'ASC606')
    expect(plan.versions).toMatchObject([{ treatment: 'catch_up', byRule: 'prospective', price: 168_000n }])
  })
})
