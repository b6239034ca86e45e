import { describe, expect, it } from 'vitest'
import { at, previewed } from '../preview/previewed.ts'

const allocated = (deal: object) => previewed(deal).allocation
const said = (deal: object) => previewed(deal).explanations.map(({ text }) => text)

describe('relative stand-alone selling prices', () => {
  it.each([
    {
      // 1,400 × 750 / 1,310 and × 560 / 1,310.
      name: 'a price above the selling prices',
      price: '1400',
      obligations: [at('A', '750'), at('B', '560')],
      gives: { A: '801.53', B: '598.47' },
    },
    {
      // 33.33 each; the cent left over goes to the first.
      name: 'equal parts',
      price: '100',
      obligations: [at('A', '5'), at('B', '5'), at('C', '5')],
      gives: { A: '33.34', B: '33.33', C: '33.33' },
    },
    {
      name: 'a negative price, mirrored',
      price: '-100',
      obligations: [at('A', '5'), at('B', '5'), at('C', '5')],
      gives: { A: '-33.34', B: '-33.33', C: '-33.33' },
    },
    {
      name: 'free of charge',
      price: '0',
      obligations: [at('A', '5'), at('B', '1')],
      gives: { A: '0.00', B: '0.00' },
    },
    { name: 'an only obligation', price: '7', obligations: [at('A', undefined)], gives: { A: '7.00' } },
    {
      name: 'selling prices finer than a cent',
      price: '3',
      obligations: [at('A', '0.001'), at('B', '0.002')],
      gives: { A: '1.00', B: '2.00' },
    },
  ])('$name', ({ price, obligations, gives }) => {
    expect(allocated({ transaction_price: price, obligations })).toEqual(gives)
  })

  it.each([
    { name: 'stated within the range: kept', stated: '95', weight: 95 },
    { name: 'stated below: the lower bound', stated: '10', weight: 90 },
    { name: 'stated above: the upper bound', stated: '500', weight: 110 },
    { name: 'not stated: the middle', stated: undefined, weight: 100 },
  ])('a range, $name', ({ stated, weight }) => {
    const obligations = [at('A', { low: '90', high: '110', stated }), at('B', '100')]
    // With a price of 100 + the weight everything is sold at its selling price.
    expect(allocated({ transaction_price: String(100 + weight), obligations })).toEqual({
      A: `${weight}.00`,
      B: '100.00',
    })
  })

  it('takes the middle outside the range where the policy says so', () => {
    const obligations = [at('A', { low: '90', high: '110', stated: '10' }), at('B', '100')]
    const policy = { ssp_outside_range: 'midpoint' }
    expect(allocated({ transaction_price: '200', obligations, policy })).toEqual({ A: '100.00', B: '100.00' })
  })
})

describe('a discount for some', () => {
  const obligations = [at('A', '40'), at('B', '55'), at('C', '45')]
  const deal = { transaction_price: '100', obligations }

  it.each([
    { name: 'sold alone', bundle: { price: '60', all_sold_alone: false }, failed: '(a)' },
    { name: 'sold at a discount', bundle: { price: '100' }, failed: '(b)' },
    { name: 'of another size than the contract’s', bundle: { price: '80' }, failed: '(c)' },
  ])('is spread over all unless it is $name', ({ bundle, failed }) => {
    const with_bundle = { ...deal, discount_bundle: { keys: ['B', 'C'], ...bundle } }
    // 100 × 40 / 140, × 55 / 140, × 45 / 140.
    expect(allocated(with_bundle)).toEqual({ A: '28.57', B: '39.29', C: '32.14' })
    expect(said(with_bundle).find((text) => text.startsWith('The discount is spread over all'))).toContain(
      failed,
    )
  })

  it('meets the price where the bundle’s discount is only close to the contract’s', () => {
    // The contract gives 40 and the bundle 38, within 10%: A keeps 40, B and C share 60.
    expect(allocated({ ...deal, discount_bundle: { keys: ['B', 'C'], price: '62' } })).toEqual({
      A: '40.00',
      B: '33.00',
      C: '27.00',
    })
  })
})

describe('the residual approach', () => {
  const residual = (observed?: object) => at('D', { residual: 'not_yet_established', observed })

  it('takes what is left, and says on what ground', () => {
    const deal = { transaction_price: '130', obligations: [at('A', '100'), residual()] }
    expect(allocated(deal)).toEqual({ A: '100.00', D: '30.00' })
    expect(said(deal)).toContain(
      '"D" takes what is left, since it has no price yet and was never sold alone.',
    )
  })

  it.each([
    { name: 'nothing is left', price: '100', obligations: [at('A', '100'), residual()] },
    {
      name: 'less than was ever seen',
      price: '110',
      obligations: [at('A', '100'), residual({ low: '11', high: '20' })],
    },
    {
      name: 'more than was ever seen',
      price: '121',
      obligations: [at('A', '100'), residual({ low: '11', high: '20' })],
    },
    { name: 'there are two of them', price: '130', obligations: [residual(), { ...residual(), key: 'E' }] },
  ])('is refused where $name', ({ price, obligations }) => {
    expect(() => allocated({ transaction_price: price, obligations })).toThrow(
      expect.objectContaining({ status: 422, code: 'residual_not_allowed' }),
    )
  })
})

describe('a variable amount for one obligation', () => {
  it('goes to it wholly, and the rest is divided as ever', () => {
    const deal = {
      transaction_price: '300',
      variable: [{ key: 'bonus', amount: '50', target: 'A' }],
      obligations: [at('A', '100'), at('B', '200')],
    }
    expect(allocated(deal)).toEqual({ A: '150.00', B: '200.00' })
  })
})
