import { describe, expect, it } from 'vitest'
import type { Commitment, ContractProduct } from '../../src/contracts/contract.ts'
import { withLines } from '../../src/invoicing/charges/billed-cycle.ts'
import type { BilledUsage, UsageTotal } from '../../src/invoicing/charges/usage-total.ts'
import { planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import type { InvoiceLine } from '../../src/invoicing/invoice.ts'
import { graduated } from '../rating/prices.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { billed, closing, flat, sealed, unit, usage } from './closing.ts'

/** The calls of one cycle, and what came late for earlier ones. */
type Played = { used: string; late?: Record<number, string> }

const month = (cycleNo: number) => `2026-${String(cycleNo).padStart(2, '0')}`
const callsOf = (cycleNo: number, used: string): UsageTotal => ({
  cycleNo,
  ...usage('calls', { [month(cycleNo)]: used }),
})

/** What the lines of usage have billed by cycle. */
const billedBy = (lines: readonly InvoiceLine[]): BilledUsage[] =>
  [
    ...Map.groupBy(
      lines.filter(({ kind }) => kind.startsWith('usage')),
      (line) => line.serviceCycleNo,
    ),
  ].map(([cycleNo, own]) =>
    billed('calls', cycleNo, String(own.reduce((sum, { quantity }) => sum + Number(quantity), 0)), {
      [month(cycleNo)]: own.reduce((sum, { amount }) => sum + amount, 0n),
    }),
  )

/** Closes the cycles one after the other, each knowing what those before it billed: the lines of each invoice. */
function play(
  products: ContractProduct[],
  given: Partial<Commitment>,
  cycles: readonly Played[],
  endDate: string | null = null,
) {
  const commitment: Commitment = {
    amount: '10',
    period: 'cycle',
    true_up: true,
    overage_factor: '1',
    product_ref: null,
    start_date: '2026-01-01',
    end_date: endDate,
    ...given,
  }
  const terms = termsOf(products, { commitments: [commitment], end_date: endDate })
  const lines: InvoiceLine[] = []
  const totals = new Map<number, UsageTotal>()
  const close = (boundary: number, { used, late = {} }: Played) => {
    const corrections = Object.entries(late).map(([cycleNo, total]) => callsOf(Number(cycleNo), total))
    const earlier = [...totals.values()]
    const seal = boundary === 0 ? null : sealed(boundary, [callsOf(boundary, used)], corrections)
    const plan = planCycleClose(
      closing(terms, boundary, {
        sealed: seal,
        earlier,
        billed: billedBy(lines),
        billedCycles: withLines([], lines),
      }),
    )
    for (const one of [...corrections, callsOf(boundary, used)]) totals.set(one.cycleNo, one)
    const own = plan.invoices.flatMap((invoice) => invoice.lines)
    lines.push(...own)
    return own.map(({ kind, serviceCycleNo, amount }) => `${kind} ${serviceCycleNo}: ${amount}`)
  }
  close(0, { used: '0' })
  return cycles.map((cycle, place) => close(place + 1, cycle))
}

const CALLS = [sold('calls', unit('2'))]
const BULK = graduated(['1000', '0.10'], [null, '0.05'])

describe('a commitment, from the usage of each cycle to the invoice', () => {
  it.each<{ name: string; invoices: string[][]; lines: string[][] }>([
    {
      name: '10 a cycle, factor 2, 2 and 8 units at 2: 4 + 6, then 16 + 6 × (2 − 1); 10 and 22',
      invoices: play(CALLS, { overage_factor: '2' }, [{ used: '2' }, { used: '8' }]),
      lines: [
        ['usage 1: 400', 'true_up 1: 600'],
        ['usage 2: 1600', 'true_up 2: 600'],
      ],
    },
    {
      name: 'the same without a true-up: 4 and 22',
      invoices: play(CALLS, { overage_factor: '2', true_up: false }, [{ used: '2' }, { used: '8' }]),
      lines: [['usage 1: 400'], ['usage 2: 1600', 'true_up 2: 600']],
    },
    {
      name: 'exactly what was committed: neither',
      invoices: play(CALLS, { overage_factor: '2' }, [{ used: '5' }]),
      lines: [['usage 1: 1000']],
    },
    {
      name: 'late usage fills the cycle: 4 + 6 becomes 8 + 2',
      invoices: play(CALLS, {}, [{ used: '2' }, { used: '5', late: { 1: '4' } }]),
      lines: [
        ['usage 1: 400', 'true_up 1: 600'],
        ['usage 2: 1000', 'usage_adjustment 1: 400', 'true_up 1: -400'],
      ],
    },
    {
      name: 'late usage turns a true-up into overage: 4 + 6 becomes 14 + 4 × 0.5',
      invoices: play(CALLS, { overage_factor: '1.5' }, [{ used: '2' }, { used: '5', late: { 1: '7' } }]),
      lines: [
        ['usage 1: 400', 'true_up 1: 600'],
        ['usage 2: 1000', 'usage_adjustment 1: 1000', 'true_up 1: -400'],
      ],
    },
    {
      name: '1,000 over the contract of three cycles, factor 1.5: 1,200 used, 200 × 0.5 with the last',
      invoices: play(
        CALLS,
        { amount: '1000', period: 'contract', overage_factor: '1.5' },
        [{ used: '100' }, { used: '300' }, { used: '200' }],
        '2026-04-01',
      ),
      lines: [['usage 1: 20000'], ['usage 2: 60000'], ['usage 3: 40000', 'true_up 3: 10000']],
    },
    {
      name: '1,000 over the contract of two cycles: 1,000 − 700 with the last',
      invoices: play(
        CALLS,
        { amount: '1000', period: 'contract' },
        [{ used: '150' }, { used: '200' }],
        '2026-03-01',
      ),
      lines: [['usage 1: 30000'], ['usage 2: 40000', 'true_up 2: 30000']],
    },
    {
      name: 'fees count, of the cycle that they are for: 7 of a seat in advance and 2 of calls, 10 − 9',
      invoices: play([...CALLS, sold('seats', flat('7'))], {}, [{ used: '1' }]),
      lines: [['usage 1: 200', 'recurring 2: 700', 'true_up 1: 100']],
    },
    {
      // 800 × 0.10 = 80; 1,300 are 1,000 × 0.10 + 300 × 0.05 = 115, so the second cycle costs 35.
      name: 'tiers that accumulate, 50 a cycle, factor 2: 80 + 30, then 35 + 15',
      invoices: play(
        [sold('calls', BULK, { accumulate: 'contract' })],
        { amount: '50', overage_factor: '2' },
        [{ used: '800' }, { used: '500' }],
      ),
      lines: [
        ['usage 1: 8000', 'true_up 1: 3000'],
        ['usage 2: 3500', 'true_up 2: 1500'],
      ],
    },
    {
      // January is 1,000 × 0.10 = 100 now, +20, and 20 more of overage. February's 500 begin at 1,000: 25, so −10 and
      // a true-up of 25 instead of 15. March: 100 × 0.05 = 5, and 45.
      name: 'and late usage moves the cycles after it, and their true-ups',
      invoices: play(
        [sold('calls', BULK, { accumulate: 'contract' })],
        { amount: '50', overage_factor: '2' },
        [{ used: '800' }, { used: '500' }, { used: '100', late: { 1: '1000' } }],
      ).slice(2),
      lines: [
        [
          'usage 3: 500',
          'usage_adjustment 1: 2000',
          'usage_adjustment 2: -1000',
          'true_up 1: 2000',
          'true_up 2: 1000',
          'true_up 3: 4500',
        ],
      ],
    },
  ])('$name', ({ invoices, lines }) => {
    expect(invoices).toEqual(lines)
  })
})
