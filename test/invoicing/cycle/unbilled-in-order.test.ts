import { describe, expect, it } from 'vitest'
import { untouched } from '../../../src/credits/movement.ts'
import type { CycleCloseInput } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledInOrder } from '../../../src/invoicing/cycle/unbilled-in-order.ts'
import { grantOf } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { closing, sealed, unit, usage } from '../closing.ts'

/** One gift of 100.00 for all contracts of a customer, each of which has used so many calls at 1.00. */
function contractOf(ref: string, calls: number): CycleCloseInput {
  const input = closing(termsOf([sold('calls', unit('1.00'))]), 1, {
    wallet: [untouched(grantOf({ ref: 'gift', amount: 10_000n }))],
    sealed: sealed(1, [usage('calls', { '2026-01': String(calls) })]),
  })
  return { ...input, contract: { ...input.contract, ref } }
}
const uses = (
  inputs: CycleCloseInput[],
  counted: Parameters<typeof unbilledInOrder>[1] = [],
  failed: string[] = [],
) =>
  unbilledInOrder(inputs, counted, ({ ref }) => failed.push(ref)).map(
    ({ contract, creditUsed }) => [contract.ref, creditUsed] as const,
  )

describe('what contracts of one customer count on', () => {
  it('is used up in the order of their refs, however they are read', () => {
    const inputs = [contractOf('c', 50), contractOf('a', 80), contractOf('b', 60)]
    expect(uses(inputs)).toEqual([
      ['a', { gift: 8_000n }],
      ['b', { gift: 2_000n }],
      ['c', {}],
    ])
  })

  it('is less what contracts before them count on already, and never what those behind do', () => {
    const counted = ['a', 'c'].map((contractRef) => ({ contractRef, grantRef: 'gift', amount: 7_000n }))
    expect(uses([contractOf('b', 60)], counted)).toEqual([['b', { gift: 3_000n }]])
    // What `a` counted on before is measured anew with it.
    expect(uses([contractOf('a', 90)], counted)).toEqual([['a', { gift: 9_000n }]])
  })

  it('leaves out a contract that cannot be planned, and goes on', () => {
    const failed: string[] = []
    const broken = { ...contractOf('a', 80), products: new Map() }
    expect(uses([broken, contractOf('b', 60)], [], failed)).toEqual([['b', { gift: 6_000n }]])
    expect(failed).toEqual(['a'])
  })
})
