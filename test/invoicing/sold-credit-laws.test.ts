import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { creditTermsField } from '../../src/catalog/credit-terms.http.ts'
import { burnEntries, expiredEntries, voidedEntries } from '../../src/credits/credit-entry.ts'
import { drawCredit } from '../../src/credits/draw.ts'
import { planDue } from '../../src/credits/lapse.ts'
import {
  balanceOf,
  type GrantState,
  type Moved,
  move,
  owedOf,
  untouched,
} from '../../src/credits/movement.ts'
import { planVoid } from '../../src/credits/void-grant.ts'
import { creditParts } from '../../src/invoicing/assembly/credit-part.ts'
import { planCreditNote } from '../../src/invoicing/corrections/credit-note.ts'
import type { LineReversal } from '../../src/invoicing/corrections/line-reversal.ts'
import { planVoidInvoice } from '../../src/invoicing/corrections/void-invoice.ts'
import { planWriteOff } from '../../src/invoicing/corrections/write-off.ts'
import { planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import type { Invoice } from '../../src/invoicing/invoice.ts'
import type { Allocation } from '../../src/invoicing/settlement.ts'
import { Problem } from '../../src/kernel/problem.ts'
import type { JournalEntry } from '../../src/ledger/journal-entry.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { closing, flat, PRODUCTS } from './closing.ts'
import { paidBy } from './documents/issued.ts'

/** An invoice that sold credit, and all that has become of both. */
type World = {
  invoice: Invoice
  grants: GrantState[]
  reversals: LineReversal[]
  allocations: Allocation[]
  entries: JournalEntry[]
  /** Money of the customer that credit notes have set free. */
  kept: bigint
  now: number
}

type Sale = { price: number; granted: number; discount: number; use: number | null }

function issued({ price, granted, discount, use }: Sale): World {
  const grantsCredit = creditTermsField.parse({
    paid: '1000',
    granted: String(granted),
    expires_after: { unit: 'YEARLY' },
    rollover: { share_percent: '50' },
    ...(use !== null && { expected_use_percent: String(use) }),
  })
  const product = { ref: 'pack', name: 'Pack', kind: 'one_time' as const, metric: null, grantsCredit }
  const off = { name: 'Off', type: 'percent' as const, value: String(discount) }
  const always = { products: null, from: null, until: null, cycles: null }
  const terms = termsOf([sold('pack', flat((price / 100).toFixed(2))), sold('setup', flat('50.00'))], {
    tax_percent: '7.7',
    discounts: [{ ...off, ...always }],
  })
  const plan = planCycleClose(closing(terms, 0, { products: new Map([...PRODUCTS, ['pack', product]]) }))
  return {
    invoice: plan.invoices[0]!,
    grants: plan.grants.map(untouched),
    reversals: [],
    allocations: [],
    entries: plan.entries,
    kept: 0n,
    now: plan.invoices[0]!.issuedAt,
  }
}

const anySale: fc.Arbitrary<Sale> = fc.record({
  price: fc.integer({ min: 1, max: 500_000 }),
  granted: fc.integer({ min: 1_000, max: 3_000 }),
  discount: fc.integer({ min: 0, max: 100 }),
  use: fc.option(fc.integer({ min: 1, max: 100 })),
})

const STEPS = ['pay', 'use', 'credit', 'write off', 'void', 'lapse', 'forfeit'] as const
const anyStep = fc.record({ does: fc.constantFrom(...STEPS), part: fc.integer({ min: 1, max: 1_000 }) })
type Step = { does: (typeof STEPS)[number]; part: number }

const partOf = (whole: bigint, part: number): bigint => (whole * BigInt(part)) / 1_000n
const openOf = ({ invoice, allocations }: World): bigint =>
  allocations.reduce((open, { amount }) => open - amount, invoice.total)
const by = { actor: 'Ann', reason: 'Asked for' }

function moved(world: World, changes: readonly Moved[], entries: readonly JournalEntry[]): void {
  for (const { state } of changes) {
    world.grants[world.grants.findIndex(({ grant }) => grant.ref === state.grant.ref)] = state
  }
  world.entries.push(...entries)
}

/** Usage that credit pays for, on an invoice of another contract. */
const calls = ({ movement }: Moved) => ({
  lineId: 'calls',
  productRef: 'calls',
  serviceStart: '2026-08-01',
  serviceEnd: '2026-09-01',
  usageByMonth: {},
  paid: movement.amount,
})

const PLAYS: Record<Step['does'], (world: World, part: number) => void> = {
  pay: (world, part) => {
    const amount = partOf(openOf(world), part)
    const payment = `pay-${world.allocations.length}`
    if (amount > 0n) world.allocations.push(paidBy(payment, amount))
  },
  use: (world, part) => {
    const open = partOf(
      world.grants.reduce((all, state) => all + balanceOf(state), 0n),
      part,
    )
    const lines = [{ productRef: 'calls', serviceStart: 0, isUsage: true, open }]
    const wanted = { contractRef: 'other', currency: 'USD', issuedAt: world.now, lines }
    const draws = drawCredit(world.grants, wanted)
    const changes = draws.map(({ state, amount }) =>
      move(state, { kind: 'burnt', amount, invoiceId: 'later', actor: 'billing', at: world.now }),
    )
    const later = { id: 'later', number: 'INV9', contractRef: 'other', issueDate: '2026-09-01' }
    moved(
      world,
      changes,
      changes.flatMap((one) => burnEntries(one, later, creditParts(one, later, [calls(one)], null))),
    )
  },
  credit: (world, part) => {
    const [line] = world.invoice.lines
    const left = world.grants.reduce((all, state) => all + owedOf(state), 0n)
    const plan = planCreditNote({
      ...world,
      ...by,
      sold: world.grants,
      lines: [{ lineId: line!.id, amount: partOf(left, part) }],
      key: `note-${world.reversals.length}`,
      cause: 'concession',
      nextSequence: 1,
      issueDate: '2026-09-01',
      timezone: 'UTC',
    })
    world.reversals.push(...plan.reversals)
    world.allocations.push(...plan.allocations)
    world.kept += plan.creditNote.released
    moved(world, plan.withdrawn, plan.entries)
  },
  'write off': (world) => {
    const plan = planWriteOff({ ...world, ...by, sold: world.grants, taxRelief: false, today: '2026-09-01' })
    world.reversals.push(...plan.reversals)
    world.allocations.push(...plan.allocations)
    moved(world, plan.withdrawn, plan.entries)
  },
  void: (world) => {
    const plan = planVoidInvoice({ ...world, ...by, sold: world.grants, today: '2026-09-01' })
    world.allocations.push(...plan.allocations)
    moved(world, plan.withdrawn, plan.entries)
  },
  lapse: (world) => {
    world.now += 380 * 86_400_000
    const plans = world.grants
      .filter((state) => balanceOf(state) > 0n)
      .map((state) => planDue(state, world.now))
    for (const { grants, moved: changes } of plans) {
      moved(world, changes, changes.flatMap(expiredEntries))
      world.grants.push(...grants.map(untouched))
    }
  },
  forfeit: (world, part) => {
    const state = world.grants.find((one) => balanceOf(one) > 0n)
    const amount = state ? partOf(balanceOf(state), part) : 0n
    if (!state || amount === 0n) return
    const taken = planVoid(state, { ...by, amount, settlement: 'forfeit', at: world.now })!
    moved(world, [taken], voidedEntries(taken, 'forfeit'))
  },
}

/** Plays a step; one that is refused changes nothing. */
function play(world: World, { does, part }: Step): void {
  try {
    PLAYS[does](world, part)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

const onAccount = ({ entries }: World, account: string): bigint =>
  entries
    .flatMap(({ postings }) =>
      postings.filter((one) => one.account === account && one.contractRef !== 'other'),
    )
    .reduce((sum, { amount }) => sum + amount, 0n)

describe('the books of credit that an invoice sold', () => {
  it('owe at every step what the unused credit has cost, and the money that was set free', () => {
    fc.assert(
      fc.property(anySale, fc.array(anyStep, { maxLength: 12 }), (sale, steps) => {
        const world = issued(sale)
        const bought = world.grants.reduce((all, { grant }) => all + grant.amount, 0n)
        for (const step of steps) {
          play(world, step)
          const total = (of: (state: GrantState) => bigint) =>
            world.grants.reduce((all, state) => all + of(state), 0n)
          expect(-onAccount(world, 'customer_credit')).toBe(total(owedOf) + world.kept)
          expect(total((state) => state.burnt + state.expired + state.voided + balanceOf(state))).toBe(bought)
          // The contract holds its own fee alone, as long as nobody takes that back.
          const [, setup] = world.invoice.lines
          const isGone = world.allocations.some(({ kind }) => kind === 'void' || kind === 'write_off')
          if (!isGone) expect(-onAccount(world, 'contract_position')).toBe(setup!.netAmount)
        }
      }),
      { numRuns: 300 },
    )
  })
})
