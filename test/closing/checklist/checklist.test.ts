import { describe, expect, it } from 'vitest'
import { type CloseFacts, closeChecklist, TIES, WAITING } from '../../../src/closing/checklist/checklist.ts'

const NOTHING = { count: 0, amounts: new Map<string, bigint>() }
const SAME = { detail: new Map([['USD', 5n]]), control: new Map([['USD', 5n]]) }

const each = <Code extends string, Value>(codes: readonly Code[], value: Value) =>
  Object.fromEntries(codes.map((code) => [code, value])) as Record<Code, Value>

const facts = (fields: Partial<CloseFacts> = {}): CloseFacts => ({
  entityRef: 'lumen',
  month: '2026-10',
  status: 'open',
  isOver: true,
  waiting: each(WAITING, NOTHING),
  ties: each(TIES, SAME),
  ...fields,
})

const open = (given: CloseFacts) => closeChecklist(given).items.filter(({ state }) => state === 'open')

describe('closeChecklist', () => {
  it('is ready when nothing waits and all sums agree', () => {
    const checklist = closeChecklist(facts())
    expect(checklist).toMatchObject({ entity_ref: 'lumen', month: '2026-10', status: 'open', ready: true })
    expect(checklist.items.map(({ code }) => code)).toEqual([...WAITING, ...TIES])
    expect(open(facts())).toEqual([])
  })

  it('is not ready while the month runs', () => {
    expect(closeChecklist(facts({ isOver: false }))).toMatchObject({ over: false, ready: false })
  })

  it.each(WAITING)('names what waits of %s, by currency', (code) => {
    const amounts = new Map([
      ['USD', 42_00n],
      ['JPY', 7n],
    ])
    const given = facts()
    const waiting = { ...given.waiting, [code]: { count: 3, amounts } }
    expect(open({ ...given, waiting })).toEqual([
      {
        code,
        state: 'open',
        count: 3,
        amounts: [
          { currency: 'JPY', amount: '7' },
          { currency: 'USD', amount: '42.00' },
        ],
      },
    ])
    expect(closeChecklist({ ...given, waiting }).ready).toBe(false)
  })

  it.each(TIES)('says by how much %s do not agree', (code) => {
    // USD 10.00 − 12.50 = −2.50; EUR agrees; GBP 1.00 is missing from the account.
    const detail = new Map([
      ['USD', 10_00n],
      ['EUR', 1n],
      ['GBP', 1_00n],
    ])
    const control = new Map([
      ['USD', 12_50n],
      ['EUR', 1n],
    ])
    const given = facts()
    expect(open({ ...given, ties: { ...given.ties, [code]: { detail, control } } })).toEqual([
      {
        code,
        state: 'open',
        count: 2,
        amounts: [
          { currency: 'GBP', amount: '1.00' },
          { currency: 'USD', amount: '-2.50' },
        ],
      },
    ])
  })

  it('takes a currency that one side names with zero as agreed', () => {
    const given = facts()
    const ties = { ...given.ties, billed: { detail: new Map([['CHF', 0n]]), control: new Map() } }
    expect(open({ ...given, ties })).toEqual([])
  })
})
