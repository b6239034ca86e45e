import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import type { UnmetSpan } from '../../../src/revenue/transaction-price/contract-criteria.ts'
import { CALLS, flat, unit } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { spans } from '../recognition/spans.ts'
import { Books, VOLUME } from './books.ts'

const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'] as const

type Step =
  | { kind: 'use'; month: number; quantity: number }
  | { kind: 'month' }
  | { kind: 'accrue' }
  | { kind: 'lock' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('use' as const),
    month: fc.integer({ min: 0, max: 2 }),
    quantity: fc.integer({ min: 1, max: 150 }),
  }),
  fc.constantFrom<Step>({ kind: 'month' }, { kind: 'accrue' }, { kind: 'accrue' }, { kind: 'lock' }),
)

const terms = fc
  .record({
    model: fc.constantFrom(unit('0.333'), CALLS, VOLUME),
    startsMidMonth: fc.boolean(),
    percent: fc.constantFrom('7', null),
    minimum: fc.constantFrom('40', undefined),
  })
  .map(({ model, startsMidMonth, percent, minimum }) => {
    const start = startsMidMonth ? '2026-01-15' : '2026-01-01'
    const discount = {
      name: 'Off',
      type: 'percent' as const,
      products: null,
      from: null,
      until: null,
      cycles: null,
    }
    const modifiers = minimum === undefined ? undefined : { minimum_amount: minimum }
    return termsOf([sold('calls', model, { modifiers }), sold('support', flat('100', 'in_arrears'))], {
      start_date: start,
      anchor_date: start,
      billing_cycle: { unit: 'QUARTERLY', cycle: 1 },
      ...(percent && { discounts: [{ ...discount, value: percent }] }),
    })
  })

/** Plays steps, and answers the books with the usage that was reported, and what each lock found in its month. */
function play(of: ReturnType<typeof termsOf>, steps: readonly Step[], unmet: UnmetSpan[]) {
  const books = new Books(of, 1, { unmet: { primary: unmet } })
  const used: Record<string, number> = {}
  const locked: Record<string, bigint> = {}
  let running = 0
  for (const one of steps) {
    if (one.kind === 'use' && one.month <= running) {
      used[MONTHS[one.month]!] = (used[MONTHS[one.month]!] ?? 0) + one.quantity
    }
    if (one.kind === 'month' && running < 3) running += 1
    if (running === 0) continue
    const over = MONTHS[running - 1]!
    if (one.kind === 'accrue') books.accrue(over, { calls: { ...used } })
    if (one.kind === 'lock' && locked[over] === undefined) {
      books.lock(over)
      locked[over] = books.months('on')[over] ?? 0n
    }
  }
  return { books, used: { calls: used }, locked }
}

describe('whatever is reported, accrued and locked in which order', () => {
  const worlds = fc.record({ of: terms, steps: fc.array(step, { maxLength: 14 }), unmet: spans })

  it('the invoice leaves each month with what it bills of it, as if nothing had been accrued', () => {
    fc.assert(
      fc.property(worlds, ({ of, steps, unmet }) => {
        const { books, used } = play(of, steps, unmet)
        const invoices = books.invoice(used)
        const plain = new Books(of, 1, { unmet: { primary: unmet } })
        plain.invoice(used)
        expect(books.months()).toEqual(plain.months())
        const net = sum(invoices.flatMap(({ lines }) => lines).map(({ netAmount }) => netAmount))
        const isCaughtUp = unmet.every(({ until }) => until !== undefined)
        if (isCaughtUp) expect(sum(books.posted.map(({ amount }) => amount))).toBe(net)
      }),
      { numRuns: 60 },
    )
  })

  it('a locked month keeps what it had', () => {
    fc.assert(
      fc.property(worlds, ({ of, steps, unmet }) => {
        const { books, used, locked } = play(of, steps, unmet)
        books.invoice(used)
        const standing = books.months('on')
        for (const [month, amount] of Object.entries(locked)) expect(standing[month] ?? 0n).toBe(amount)
      }),
      { numRuns: 60 },
    )
  })

  it('a run that is repeated finds nothing', () => {
    fc.assert(
      fc.property(worlds, ({ of, steps, unmet }) => {
        const { books, used } = play(of, steps, unmet)
        books.accrue('2026-03', used)
        expect(books.accrue('2026-03', used)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
