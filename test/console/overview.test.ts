import { describe, expect, it } from 'vitest'
import { overviewOf } from '../../src/console/overview.ts'

const open = (currency: string, dueDate: string, amount: bigint, entityRef = 'berlin') => ({
  entityRef,
  currency,
  dueDate,
  open: amount,
})
const nothing = { open: [], collected: [], recognised: [], positions: [] }

describe('the overview', () => {
  it('puts what is open by its age, and calls overdue what is past the due date', () => {
    // On 1 May 2026: due today, 1 day, 30 days, 31 days, 90 days and 91 days late.
    const sums = {
      ...nothing,
      open: [
        open('EUR', '2026-05-01', 1n),
        open('EUR', '2026-04-30', 10n),
        open('EUR', '2026-04-01', 100n),
        open('EUR', '2026-03-31', 1_000n),
        open('EUR', '2026-01-31', 10_000n),
        open('EUR', '2026-01-30', 100_000n),
      ],
    }
    expect(overviewOf(sums, () => '2026-05-01')).toMatchObject([
      { outstanding: 111_111n, overdue: 111_110n, ages: [1n, 110n, 1_000n, 10_000n, 100_000n] },
    ])
  })

  it('never adds up amounts of different currencies', () => {
    const sums = {
      open: [open('USD', '2026-05-01', 5n)],
      collected: [{ currency: 'EUR', amount: 7n }],
      recognised: [{ currency: 'USD', amount: 2n }],
      positions: [{ currency: 'EUR', deferred: 3n, unbilled: 4n }],
    }
    expect(overviewOf(sums, () => '2026-05-01')).toMatchObject([
      { currency: 'EUR', outstanding: 0n, collected: 7n, recognised: 0n, deferred: 3n, unbilled: 4n },
      { currency: 'USD', outstanding: 5n, collected: 0n, recognised: 2n, deferred: 0n, unbilled: 0n },
    ])
  })

  it('counts days in the zone of each seller', () => {
    const sums = {
      ...nothing,
      open: [open('USD', '2026-04-30', 1n, 'tokyo'), open('USD', '2026-04-30', 2n, 'honolulu')],
    }
    const today = (entityRef: string) => (entityRef === 'tokyo' ? '2026-05-01' : '2026-04-30')
    expect(overviewOf(sums, today)).toMatchObject([{ outstanding: 3n, overdue: 1n }])
  })
})
