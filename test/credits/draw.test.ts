import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Billed, drawCredit, type OpenLine } from '../../src/credits/draw.ts'
import type { CreditGrant } from '../../src/credits/grant.ts'
import { balanceOf, untouched } from '../../src/credits/movement.ts'
import { sum } from '../../src/kernel/money.ts'
import { at, grantOf } from './grants.ts'

/** January's service, billed on 1 February. */
const line = (open: bigint, more: Partial<OpenLine> = {}): OpenLine => ({
  productRef: 'calls',
  serviceStart: at('2026-01-01'),
  isUsage: true,
  open,
  ...more,
})
const billed = (lines: OpenLine[], more: Partial<Billed> = {}): Billed => ({
  contractRef: 'c',
  currency: 'USD',
  issuedAt: at('2026-02-01T01:00:00Z'),
  lines,
  ...more,
})
const drawn = (grants: CreditGrant[], bill: Billed) =>
  drawCredit(grants.map(untouched), bill).map(({ state, amount }) => [state.grant.ref, amount])

type Case = { name: string; grants: Partial<CreditGrant>[]; bill: Billed; draws: [string, bigint][] }

const CASES: Case[] = [
  {
    name: 'the rest of the invoice is due: 120.00 less 100.00',
    grants: [{ ref: 'a' }],
    bill: billed([line(12_000n)]),
    draws: [['a', 10_000n]],
  },
  {
    name: 'the rest of the credit stays: 100.00 less 30.00',
    grants: [{ ref: 'a' }],
    bill: billed([line(3_000n)]),
    draws: [['a', 3_000n]],
  },
  {
    name: 'what expires goes first, and the next pays the rest: 100.00 and 20.00 of 120.00',
    grants: [{ ref: 'a' }, { ref: 'b', expiresAt: at('2026-02-01') }],
    bill: billed([line(12_000n)]),
    draws: [
      ['b', 10_000n],
      ['a', 2_000n],
    ],
  },
  {
    name: 'a grant pays for service that begins before it expires, and not for what begins then',
    grants: [{ ref: 'a', expiresAt: at('2026-02-01') }],
    bill: billed([line(3_000n), line(4_000n, { serviceStart: at('2026-02-01') })]),
    draws: [['a', 3_000n]],
  },
  {
    name: 'a later grant pays for service from before it, as it was not billed',
    grants: [{ ref: 'a', effectiveAt: at('2026-02-01') }],
    bill: billed([line(3_000n)]),
    draws: [['a', 3_000n]],
  },
  {
    name: 'a grant that is not in force yet waits',
    grants: [{ ref: 'a', effectiveAt: at('2026-02-02') }],
    bill: billed([line(3_000n)]),
    draws: [],
  },
  {
    name: 'a grant for one product leaves the others alone, and its own leftover is for it',
    grants: [
      { ref: 'a', productRefs: ['seats'], priority: 1 },
      { ref: 'b', amount: 4_000n },
    ],
    bill: billed([line(3_000n), line(2_000n, { productRef: 'seats' })]),
    draws: [
      ['a', 2_000n],
      ['b', 3_000n],
    ],
  },
  {
    name: 'two grants for one product do not pay for it twice',
    grants: [
      { ref: 'a', productRefs: ['seats'], amount: 1_500n },
      { ref: 'b', productRefs: ['seats'], amount: 1_500n },
    ],
    bill: billed([line(3_000n), line(2_000n, { productRef: 'seats' })]),
    draws: [
      ['a', 1_500n],
      ['b', 500n],
    ],
  },
  {
    name: 'grants for another contract or in another currency do not pay',
    grants: [
      { ref: 'a', contractRefs: ['other'] },
      { ref: 'b', currency: 'EUR' },
      { ref: 'd', contractRefs: ['c'] },
    ],
    bill: billed([line(3_000n)]),
    draws: [['d', 3_000n]],
  },
  {
    name: 'paid credit before tax is for usage, and promotional credit for all',
    grants: [
      { ref: 'a', kind: 'paid', beforeTax: true, priority: 1 },
      { ref: 'b', beforeTax: true },
    ],
    bill: billed([line(3_000n, { isUsage: false }), line(2_000n)]),
    draws: [
      ['a', 2_000n],
      ['b', 3_000n],
    ],
  },
  {
    name: 'a correction lowers what there is to pay: 30.00 less 12.00 are 18.00',
    grants: [{ ref: 'a' }],
    bill: billed([line(3_000n), line(-1_200n)]),
    draws: [['a', 1_800n]],
  },
  {
    name: 'a grant that refuses overage is left out where it does not cover all, and the next one pays',
    grants: [
      { ref: 'a', overage: 'refuse', amount: 2_999n },
      { ref: 'b', amount: 1_000n },
    ],
    bill: billed([line(3_000n)]),
    draws: [['b', 1_000n]],
  },
  {
    name: 'a grant that refuses overage pays where it covers all',
    grants: [{ ref: 'a', overage: 'refuse', amount: 3_000n }],
    bill: billed([line(3_000n)]),
    draws: [['a', 3_000n]],
  },
  { name: 'nothing is drawn for nothing', grants: [{ ref: 'a' }], bill: billed([line(0n)]), draws: [] },
]

const anyLine = fc.record({
  productRef: fc.constantFrom('calls', 'seats'),
  serviceStart: fc.constantFrom(at('2026-01-01'), at('2026-02-01')),
  isUsage: fc.boolean(),
  open: fc.bigInt({ min: -3_000n, max: 10_000n }),
})
const anyGrants = fc.uniqueArray(
  fc
    .record({
      ref: fc.string({ minLength: 1, maxLength: 3 }),
      amount: fc.bigInt({ min: 1n, max: 8_000n }),
      priority: fc.integer({ min: 0, max: 3 }),
      expiresAt: fc.option(fc.constantFrom(at('2026-01-15'), at('2026-02-01'))),
      productRefs: fc.option(fc.constantFrom<string[]>(['calls'], ['seats'])),
      overage: fc.constantFrom('due' as const, 'refuse' as const),
    })
    .map((fields) => untouched(grantOf(fields))),
  { maxLength: 6, selector: ({ grant }) => grant.ref },
)

describe('drawing credit for an invoice', () => {
  it.each(CASES)('$name', ({ grants, bill, draws }) => {
    expect(drawn(grants.map(grantOf), bill)).toEqual(draws)
  })

  it('never draws more than is open, than there is, or than the lines of the grant come to', () => {
    fc.assert(
      fc.property(anyGrants, fc.array(anyLine, { maxLength: 5 }), (wallet, lines) => {
        const draws = drawCredit(wallet, billed(lines))
        const open = sum(lines.map((each) => each.open))
        expect(sum(draws.map(({ amount }) => amount))).toBeLessThanOrEqual(open > 0n ? open : 0n)
        for (const { state, amount } of draws) {
          expect(amount).toBeGreaterThan(0n)
          expect(amount).toBeLessThanOrEqual(balanceOf(state))
          const own = lines.filter(({ productRef }) => state.grant.productRefs?.includes(productRef) ?? true)
          expect(amount).toBeLessThanOrEqual(sum(own.map((each) => (each.open > 0n ? each.open : 0n))))
        }
      }),
    )
  })

  it('draws the same, whatever order grants are read in', () => {
    fc.assert(
      fc.property(anyGrants, fc.array(anyLine, { maxLength: 5 }), (wallet, lines) => {
        expect(drawCredit(wallet.toReversed(), billed(lines))).toEqual(drawCredit(wallet, billed(lines)))
      }),
    )
  })
})
