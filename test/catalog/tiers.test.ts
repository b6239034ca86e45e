import { expect, it } from 'vitest'
import { faultsOfTiers } from '../../src/catalog/tiers.ts'

it.each([
  { name: 'one open tier', bounds: [null], faulty: [] },
  { name: 'rising bounds, decimals too', bounds: ['0.5', '10', null], faulty: [] },
  { name: 'no open end', bounds: ['10', '20'], faulty: [1] },
  { name: 'an open tier in the middle', bounds: [null, '20', null], faulty: [0] },
  { name: 'bounds that stand still or fall', bounds: ['10', '10', '5', null], faulty: [1, 2] },
  { name: 'the same bound in other words', bounds: ['10', '10.0', null], faulty: [1] },
  { name: 'a bound of zero or less', bounds: ['0', '-5', null], faulty: [0, 1] },
])('$name: faults at $faulty', ({ bounds, faulty }) => {
  const tiers = bounds.map((up_to) => ({ up_to, unit_amount: '1', flat_amount: '0' }))
  expect(faultsOfTiers(tiers).map(({ path }) => path)).toEqual(faulty.map((place) => `${place}.up_to`))
})
