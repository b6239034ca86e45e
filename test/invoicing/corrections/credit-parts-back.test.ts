import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CreditGrant } from '../../../src/credits/grant.ts'
import { balanceOf, type GrantState, owedOf, untouched } from '../../../src/credits/movement.ts'
import type { CreditPart } from '../../../src/invoicing/assembly/credit-part.ts'
import { creditAllocations } from '../../../src/invoicing/assembly/credit-use.ts'
import { planCreditNote } from '../../../src/invoicing/corrections/credit-note.ts'
import type { LineReversal } from '../../../src/invoicing/corrections/line-reversal.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import type { Invoice } from '../../../src/invoicing/invoice.ts'
import type { Allocation } from '../../../src/invoicing/settlement.ts'
import { sum } from '../../../src/kernel/money.ts'
import { Problem } from '../../../src/kernel/problem.ts'
import type { JournalEntry } from '../../../src/ledger/journal-entry.ts'
import { grantOf, paidGrant } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { closing, flat, sealed, unit, usage } from '../closing.ts'
import { paidBy } from '../documents/issued.ts'

/** An invoice that credit pays for, and what became of both. */
type World = {
  invoice: Invoice
  credit: GrantState[]
  creditParts: CreditPart[]
  reversals: LineReversal[]
  allocations: Allocation[]
  entries: JournalEntry[]
}

const TERMS = (tax: string) =>
  termsOf([sold('calls', unit('1.00')), sold('seats', flat('60.00')), sold('setup', flat('30.00'))], {
    tax_percent: tax,
  })

/** The first cycle's calls of 120.00, and seats of 60.00 for the second: 28 days of February. */
function issued(wallet: GrantState[], tax = '0'): World {
  const used = sealed(1, [usage('calls', { '2026-01': '120' })])
  const plan = planCycleClose(closing(TERMS(tax), 1, { wallet, sealed: used }))
  return {
    invoice: plan.invoices[0]!,
    credit: plan.wallet,
    creditParts: plan.burnt.flatMap(({ parts }) => parts),
    reversals: [],
    allocations: creditAllocations(plan.burnt),
    entries: plan.entries,
  }
}

function credited(world: World, lines?: Parameters<typeof planCreditNote>[0]['lines']): World {
  const plan = planCreditNote({
    ...world,
    lines,
    key: `note-${world.reversals.length}`,
    cause: 'concession',
    reason: 'Asked for',
    actor: 'Ann',
    nextSequence: 1,
    issueDate: '2026-02-15',
    timezone: 'UTC',
    now: Date.parse('2026-02-15'),
  })
  const after = new Map(plan.reinstated.map(({ state }) => [state.grant.ref, state]))
  return {
    invoice: world.invoice,
    credit: world.credit.map((state) => after.get(state.grant.ref) ?? state),
    creditParts: [...world.creditParts, ...plan.creditParts],
    reversals: [...world.reversals, ...plan.reversals],
    allocations: [...world.allocations, ...plan.allocations],
    entries: [...world.entries, ...plan.entries],
  }
}

const onAccount = ({ entries }: World, account: string) =>
  sum(
    entries.flatMap(({ postings }) =>
      postings.filter((one) => one.account === account).map(({ amount }) => amount),
    ),
  )
const shown = (parts: readonly CreditPart[]) =>
  parts.map(({ productRef, paid, amount, serviceStart, bookedFrom }) => [
    productRef,
    paid,
    amount,
    serviceStart,
    bookedFrom,
  ])
const lineOf = ({ invoice }: World, productRef: string) =>
  invoice.lines.find((line) => line.productRef === productRef)!.id

describe('credit that a credit note gives back', () => {
  // 180.00 of credit at 150.00 pay 120.00 of calls and 60.00 of seats: 20.00 and 10.00 less.
  const pack = untouched(paidGrant({ amount: 18_000n, costBasis: 15_000n }))

  it('goes back to the days that are credited, with its part of what it took off their price', () => {
    const world = issued([pack])
    expect(shown(world.creditParts)).toEqual([
      ['calls', 12_000n, -2_000n, '2026-01-01', null],
      ['seats', 6_000n, -1_000n, '2026-02-01', null],
    ])
    const half = { lineId: lineOf(world, 'seats'), amount: 3_000n, serviceStart: '2026-02-15' }
    const after = credited(world, [half])
    expect(shown(after.creditParts).slice(2)).toEqual([['seats', -3_000n, 500n, '2026-02-15', '2026-02-15']])
    expect(after.credit.map((state) => [balanceOf(state), owedOf(state)])).toEqual([[3_000n, 2_500n]])
  })

  it('goes back to what it has paid for where the note credits more than that', () => {
    // 120.00 of calls are paid by credit, 60.00 of seats by money, which came first and goes back last.
    const some = untouched(paidGrant({ amount: 12_000n, costBasis: 10_000n }))
    const world = issued([some])
    const money = [paidBy('money', 6_000n, { createdAt: -1 }), ...world.allocations]
    const after = credited({ ...world, allocations: money }, [{ lineId: lineOf(world, 'seats') }])
    expect(shown(after.creditParts).slice(1)).toEqual([
      ['calls', -6_000n, 1_000n, '2026-01-01', '2026-02-15'],
    ])
  })

  it('goes back before tax in the share in which it lowered the line', () => {
    // 40.00 that cost 20.00 and 20.00 that cost 20.00 take 120.00 of calls to 60.00: of 15.00 a quarter goes back.
    const grants = [
      paidGrant({ ref: 'a', amount: 4_000n, costBasis: 2_000n, beforeTax: true }),
      paidGrant({ ref: 'b', amount: 2_000n, costBasis: 2_000n, beforeTax: true }),
    ]
    const world = issued(grants.map(untouched))
    const after = credited(world, [{ lineId: lineOf(world, 'calls'), amount: 1_500n }])
    expect(shown(after.creditParts)).toEqual([
      ['calls', 4_000n, 2_000n, '2026-01-01', null],
      ['calls', 2_000n, 2_000n, '2026-01-01', null],
      ['calls', -1_000n, -500n, '2026-01-01', '2026-02-15'],
      ['calls', -500n, -500n, '2026-01-01', '2026-02-15'],
    ])
    expect(after.reversals).toMatchObject([
      { amount: 1_500n, description: 'calls (15.00 USD go back to credit)' },
    ])
    const all = credited(after)
    expect(all.credit.map(balanceOf)).toEqual([4_000n, 2_000n])
  })

  it('goes back of a line that it has paid whole by what it has paid, without an amount to settle', () => {
    // Of 120.00 70.01 go back: the other 49.99 have cost 24.995, rounded 25.00, and are left of the line.
    const whole = issued([untouched(paidGrant({ amount: 20_000n, costBasis: 10_000n, beforeTax: true }))])
    const calls = lineOf(whole, 'calls')
    const first = credited(whole, [{ lineId: calls, amount: 7_001n }])
    expect(first.credit.map((state) => [balanceOf(state), owedOf(state)])).toEqual([[15_001n, 7_500n]])
    expect(() => credited(first, [{ lineId: calls, amount: 5_000n }])).toThrow(Problem)
    const second = credited(first, [{ lineId: calls }])
    expect(second.credit.map((state) => [balanceOf(state), owedOf(state)])).toEqual([[20_000n, 10_000n]])
    expect(second.allocations.filter(({ kind }) => kind === 'credit_note')).toEqual([])
  })

  const anyGrant = fc
    .record({
      amount: fc.bigInt({ min: 1n, max: 20_000n }),
      cost: fc.bigInt({ min: 0n, max: 100n }),
      expected: fc.option(fc.bigInt({ min: 1n, max: 100n })),
      productRefs: fc.option(fc.constantFrom<string[]>(['calls'], ['seats'])),
      isUntaxed: fc.boolean(),
    })
    .map(({ amount, cost, expected, productRefs, isUntaxed }): Partial<CreditGrant> => {
      const costBasis = (amount * cost) / 100n
      const expectedUse = expected === null || costBasis === 0n ? null : (amount * expected + 99n) / 100n
      const kind = costBasis > 0n ? 'paid' : 'promotional'
      return { amount, costBasis, expectedUse, productRefs, kind, beforeTax: isUntaxed && costBasis > 0n }
    })
  const anyNote = fc.record({
    line: fc.integer({ min: 0, max: 1 }),
    part: fc.bigInt({ min: 1n, max: 1_000n }),
  })

  it('keeps position, credit and lines in step, whatever is credited in whichever parts', () => {
    fc.assert(
      fc.property(
        fc.array(anyGrant, { maxLength: 3 }),
        fc.constantFrom('0', '8', '19'),
        fc.array(anyNote, { maxLength: 5 }),
        (grants, tax, notes) => {
          const wallet = grants.map((more, place) => untouched(grantOf({ ...more, ref: `g${place}` })))
          const first = issued(wallet, tax)
          const paid = first.invoice.total - first.invoice.creditsAmount
          let world: World = { ...first, allocations: [...first.allocations, paidBy('rest', paid)] }
          for (const note of [...notes, undefined]) {
            try {
              const line = note && world.invoice.lines[note.line]!
              world = credited(
                world,
                line && [{ lineId: line.id, amount: (line.netAmount * note.part) / 1_000n }],
              )
            } catch (error) {
              if (!(error instanceof Problem)) throw error
            }
            check(world)
          }
          // All is credited: nothing of the price is left, and all credit is there again.
          expect(sum(world.creditParts.map(({ amount }) => amount))).toBe(0n)
          expect(world.credit.map(balanceOf)).toEqual(world.credit.map(({ grant }) => grant.amount))
        },
      ),
    )
  })

  function check(world: World): void {
    const { invoice, creditParts, reversals, credit } = world
    const net =
      sum(invoice.lines.map(({ netAmount }) => netAmount)) - sum(reversals.map(({ amount }) => amount))
    expect(-onAccount(world, 'contract_position')).toBe(net + sum(creditParts.map(({ amount }) => amount)))
    // What credit has cost stands elsewhere: here is what its use released, and money that came free.
    const released = sum(credit.map((state) => state.grant.costBasis - owedOf(state)))
    const free = sum(
      world.allocations
        .filter(({ kind, amount }) => kind === 'payment' && amount < 0n)
        .map(({ amount }) => amount),
    )
    expect(onAccount(world, 'customer_credit')).toBe(released + free)
    for (const { id } of invoice.lines) {
      expect(
        sum(creditParts.filter(({ lineId }) => lineId === id).map(({ paid }) => paid)),
      ).toBeGreaterThanOrEqual(0n)
    }
  }
})
