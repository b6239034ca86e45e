import { describe, expect, it } from 'vitest'
import { openServices } from '../../../src/invoicing/assembly/open-service.ts'
import { lineOf } from '../documents/issued.ts'

const usageOf = (id: string, byMonth: Record<string, string>) => {
  const netAmount = Object.values(byMonth).reduce((sum, part) => sum + BigInt(part), 0n)
  return lineOf({ id, kind: 'usage', netAmount, usageByMonth: byMonth })
}
const servicesOf = (...lines: ReturnType<typeof lineOf>[]) =>
  openServices(lines, ({ netAmount }) => netAmount).map(({ place, month, open }) => [place, month, open])

describe('what credit after tax pays first', () => {
  it('is usage by its months, over all lines, and then the fees', () => {
    const calls = usageOf('calls', { '2026-02': '24000', '2026-01': '12000' })
    const texts = usageOf('texts', { '2026-01': '5000' })
    expect(servicesOf(lineOf({ id: 'seats', netAmount: 9_000n }), calls, texts)).toEqual([
      [1, '2026-01', 12_000n],
      [2, '2026-01', 5_000n],
      [1, '2026-02', 24_000n],
      [0, null, 9_000n],
    ])
  })

  it('takes a line that gives back usage of a month in one piece, and what is below zero as it is', () => {
    const moved = usageOf('calls', { '2026-01': '-1000', '2026-02': '3000' })
    const credit = usageOf('texts', { '2026-01': '-500' })
    expect(servicesOf(moved, credit)).toEqual([
      [0, null, 2_000n],
      [1, null, -500n],
    ])
  })
})
