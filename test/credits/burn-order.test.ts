import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { burnOrder } from '../../src/credits/burn-order.ts'
import type { CreditGrant } from '../../src/credits/grant.ts'
import { at, grantOf } from './grants.ts'

/** Each grant is used before the one after it, by the key that the case names and against all keys behind that. */
const CASES: [rule: string, first: Partial<CreditGrant>, second: Partial<CreditGrant>][] = [
  ['the lower priority number', { priority: 1, kind: 'paid' }, { priority: 2, expiresAt: at('2026-02-01') }],
  ['the earlier expiry', { expiresAt: at('2026-02-01'), kind: 'paid' }, { expiresAt: at('2026-03-01') }],
  ['one that expires', { expiresAt: at('2999-01-01'), kind: 'paid' }, { expiresAt: null }],
  ['promotional credit', { kind: 'promotional', createdAt: 2 }, { kind: 'paid', createdAt: 1 }],
  ['the older one', { createdAt: 1, ref: 'b' }, { createdAt: 2, ref: 'a' }],
  ['the smaller reference', { ref: 'a' }, { ref: 'b' }],
]

const anyGrant: fc.Arbitrary<CreditGrant> = fc
  .record({
    ref: fc.constantFrom('a', 'b', 'c', 'd'),
    priority: fc.integer({ min: 0, max: 2 }),
    expiresAt: fc.option(fc.integer({ min: 1, max: 2 })),
    kind: fc.constantFrom('paid' as const, 'promotional' as const),
    createdAt: fc.integer({ min: 0, max: 2 }),
  })
  .map(grantOf)

describe('the order in which grants are used', () => {
  it.each(CASES)('puts %s first', (_, first, second) => {
    expect(burnOrder(grantOf(first), grantOf(second))).toBeLessThan(0)
    expect(burnOrder(grantOf(second), grantOf(first))).toBeGreaterThan(0)
  })

  it('is one order, whatever order grants are read in', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(anyGrant, { selector: ({ ref }) => ref })
          .chain((grants) =>
            fc.tuple(
              fc.constant(grants),
              fc.shuffledSubarray(grants, { minLength: grants.length, maxLength: grants.length }),
            ),
          ),
        ([grants, shuffled]) => {
          expect(shuffled.toSorted(burnOrder)).toEqual(grants.toSorted(burnOrder))
        },
      ),
    )
  })
})
