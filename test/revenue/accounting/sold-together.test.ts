import { describe, expect, it } from 'vitest'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import type { SspBundle, SspEntry } from '../../../src/revenue/accounting/ssp-book.ts'
import { accountingContract, allocated, book, fee, monthly, product, ssp, terms } from './contracts.ts'

const once = (ref: string) => product(ref, 'point_in_time', {}, 'one_time')
const goods = (...refs: string[]) => refs.map((product_ref) => ({ product_ref, quantity: '1' }))
const together = (price: string, products = goods('B', 'C')): SspBundle => ({
  products,
  currency: 'USD',
  price,
  evidence: '31 of 34 orders of 2025',
})
const said = (contract: Parameters<typeof planContract>[0]) =>
  planContract(contract, 'ASC606').plan.reasons.map(({ rule, text }) => `${rule}: ${text}`)

describe('Example 34, from the terms of a contract', () => {
  const prices = [ssp('A', '40', 'once'), ssp('B', '55', 'once'), ssp('C', '45', 'once')]
  const residual: SspEntry = {
    ...ssp('D', '0', 'once'),
    method: 'residual',
    price: { residual: 'highly_variable', observed: { low: '15', high: '45' } },
  }
  const sold = [fee('A', '30'), fee('B', '30'), fee('C', '40')]
  const deal = (bundles: SspBundle[], { entries = prices, fees = sold } = {}) =>
    accountingContract({
      products: ['A', 'B', 'C', 'D'].map(once),
      versions: [terms(fees)],
      books: [book(entries, 1, bundles)],
    })

  it('A: the discount of 40 belongs to B and C, which are regularly sold together for 60', () => {
    // 100 - 40 = 60: 60 × 55 / 100 and 60 × 45 / 100.
    expect(allocated(deal([together('60')]))).toEqual({ A: 4_000n, B: 3_300n, C: 2_700n })
  })

  it('says how each of the three conditions was met', () => {
    expect(said(deal([together('60')]))).toEqual(
      expect.arrayContaining([
        'bundle_discount: (a) holds: every good of the contract is regularly sold alone.',
        'bundle_discount: (b) holds: what "B", "C" sell for alone is regularly sold together for 60 % of that (31 of 34 orders of 2025).',
        'bundle_discount: (c) holds: the discount of the bundle is 100 % of the contract’s.',
        'bundle_discount: The discount belongs to "B", "C" alone: conditions (a) to (c) hold.',
      ]),
    )
  })

  it('B: D takes the residual of 30 of a price of 130', () => {
    const contract = deal([together('60')], {
      entries: [...prices, residual],
      fees: [...sold, fee('D', '30')],
    })
    expect(allocated(contract)).toEqual({ A: 4_000n, B: 3_300n, C: 2_700n, D: 3_000n })
  })

  it.each([
    {
      condition: '(a): the price of A is an estimate',
      entries: [{ ...prices[0]!, method: 'cost_plus_margin' as const }, ...prices.slice(1)],
      bundle: together('60'),
      failed: '(a)',
    },
    {
      condition: '(b): together they cost 100 as well',
      entries: prices,
      bundle: together('100'),
      failed: '(b)',
    },
    {
      condition: '(c): 20 is half of the discount of 40',
      entries: prices,
      bundle: together('80'),
      failed: '(c)',
    },
  ])('is everybody’s without condition $condition', ({ entries, bundle, failed }) => {
    const contract = deal([bundle], { entries })
    // 100 × 40 / 140, 100 × 55 / 140 and 100 × 45 / 140.
    expect(allocated(contract)).toEqual({ A: 2_857n, B: 3_929n, C: 3_214n })
    expect(said(contract)).toContainEqual(expect.stringContaining(`bundle_discount: ${failed} fails`))
    expect(said(contract)).toContainEqual(
      expect.stringContaining('discount: The discount is spread over all'),
    )
  })

  it('needs evidence that it has all goods of: a bundle with D says nothing of a contract without it', () => {
    const contract = deal([together('60', goods('B', 'D'))], { entries: [...prices, ssp('D', '45', 'once')] })
    expect(allocated(contract)).toEqual({ A: 2_857n, B: 3_929n, C: 3_214n })
    expect(said(contract).filter((text) => text.includes('discount'))).toEqual([])
  })

  it('says nothing of a good that is combined with others, and tells so', () => {
    const setup = product('D', 'point_in_time', { combined_with: 'B' }, 'one_time')
    const contract = accountingContract({
      products: [...['A', 'B', 'C'].map(once), setup],
      versions: [terms([...sold, fee('D', '10')])],
      books: [
        book([...prices, ssp('D', '10', 'once')], 1, [together('60'), together('10', goods('C', 'D'))]),
      ],
    })
    // 110 over 40, 55 + 10 and 45, which are 150 together: 29.33, 47.67 and 33.00.
    expect(allocated(contract)).toEqual({ A: 2_933n, B: 4_767n, C: 3_300n })
    expect(said(contract).filter((text) => text.startsWith('bundle_discount'))).toEqual([
      'bundle_discount: (a) fails: of the bundle "B" is combined with other goods here.',
      'bundle_discount: (a) fails: of the bundle "D" is combined with other goods here.',
    ])
    expect(said(contract)).toContainEqual(expect.stringContaining('spread over all: no bundle meets all'))
  })

  it('belongs to what all bundles of that discount have: A adds nothing to the discount of B and C', () => {
    const all = together('100', goods('A', 'B', 'C'))
    expect(allocated(deal([all, together('60')]))).toEqual({ A: 4_000n, B: 3_300n, C: 2_700n })
  })

  it('is everybody’s where bundles contradict each other', () => {
    // A and B for 55, a discount of 40 as well: is it A's and B's, or B's and C's?
    const contract = deal([together('60'), together('55', goods('A', 'B'))])
    expect(allocated(contract)).toEqual({ A: 2_857n, B: 3_929n, C: 3_214n })
    expect(said(contract)).toContainEqual(expect.stringContaining('no goods in common'))
  })

  it('keeps the evidence of its day', () => {
    const later = { ...book(prices, 2, [together('60')]), effectiveDate: '2026-02-01' }
    const contract = { ...deal([]), books: [book(prices), later] }
    expect(allocated(contract)).toEqual({ A: 2_857n, B: 3_929n, C: 3_214n })
  })
})

describe('a discount of what is given over time', () => {
  const seats = product('seats', 'month_even')
  const support = product('support', 'month_even')
  const licence = once('licence')
  const prices = [ssp('seats', '10'), ssp('support', '5'), ssp('licence', '400', 'once')]
  const pair = together('12', goods('seats', 'support'))
  const sold = (seatPrice: string) => [
    fee('seats', seatPrice, { quantity: '10' }),
    fee('support', '2', { quantity: '10' }),
    fee('licence', '400'),
  ]
  const deal = (versions: Parameters<typeof accountingContract>[0]['versions'], bundles = [pair]) =>
    accountingContract({
      products: [seats, support, licence],
      versions,
      books: [book(prices, 1, bundles)],
    })

  it('counts bundles by units and months: 10 of each for 12 months are 120 bundles of 12.00', () => {
    // Alone 1,200 + 600 + 400 = 2,200; the price is 1,200 + 240 + 400 = 1,840, so the discount is 360 = 120 × 3.
    // 1,800 - 360 = 1,440 = 960 + 480.
    expect(allocated(deal([terms(sold('10'))]))).toEqual({
      licence: 40_000n,
      seats: 96_000n,
      support: 48_000n,
    })
  })

  it('leaves alone what is in no bundle: of 10 seats and 5 supports, 5 seats are not', () => {
    // 60 bundles of 12.00; alone 60 × 15 = 900, so 180 off. Price: 1,200 + 5 × 12 × 2 + 400 = 1,720 of 1,900: 180 off.
    // Seats 1,200 - 180 × 600 / 900 = 1,080, support 300 - 180 × 300 / 900 = 240.
    const fees = [
      fee('seats', '10', { quantity: '10' }),
      fee('support', '2', { quantity: '5' }),
      fee('licence', '400'),
    ]
    expect(allocated(deal([terms(fees)]))).toEqual({ licence: 40_000n, seats: 108_000n, support: 24_000n })
  })

  it('takes bundles of different periods: a licence and 12 months of support for 430', () => {
    const yearly = together('430', [
      { product_ref: 'licence', quantity: '1' },
      { product_ref: 'support', quantity: '12' },
    ])
    const fees = [fee('seats', '10'), fee('support', '2.50'), fee('licence', '400')]
    // Alone 120 + 60 + 400 = 580, the price is 120 + 30 + 400 = 550, and the bundle is sold for 430 in place of 460.
    // Licence 430 × 400 / 460 = 373.913…, support 430 × 60 / 460 = 56.087.
    expect(allocated(deal([terms(fees)], [yearly]))).toEqual({
      licence: 37_391n,
      seats: 12_000n,
      support: 5_609n,
    })
  })

  it('stays where it belongs when what is left is divided anew', () => {
    const three = [...sold('10'), fee('hosting', '20')]
    const hosting = product('hosting', 'month_even')
    const cheaper = [
      ...sold('10').map((own) =>
        own.product_ref === 'seats' ? { ...own, billing_end_date: '2026-07-01' } : own,
      ),
      fee('seats', '8', { quantity: '10', billing_start_date: '2026-07-01' }),
      fee('hosting', '20'),
    ]
    const contract = accountingContract({
      products: [seats, support, licence, hosting],
      versions: [terms(three), { effectiveDate: '2026-07-01', terms: terms(cheaper) }],
      books: [book([...prices, ssp('hosting', '20')], 1, [pair])],
    })
    // Half of 960, 480 and 240 is left: 840. The cut is 6 × 10 × 2 = 120, so 720 are divided as 480 : 240 : 120, and
    // not by 600 : 300 : 120 of the selling prices.
    expect(monthly(contract, 'seats')).toMatchObject({ '2026-06': 8_000n, '2026-07': 6_857n })
    expect(allocated(contract)).toEqual({
      licence: 40_000n,
      // 480 + 720 × 480 / 840 = 891.428…
      seats: 89_143n,
      // 240 + 720 × 240 / 840 = 445.714…
      support: 44_571n,
      // 120 + 720 × 120 / 840 = 222.857…
      hosting: 22_286n,
    })
  })
})
