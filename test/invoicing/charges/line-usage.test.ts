import { describe, expect, it } from 'vitest'
import { usageOfLine } from '../../../src/invoicing/charges/line-usage.ts'
import type { InvoiceLine } from '../../../src/invoicing/invoice.ts'

const line = (kind: InvoiceLine['kind']) =>
  ({ kind, productRef: 'calls', serviceStart: '2026-01-01', serviceEnd: '2026-02-01' }) as InvoiceLine

describe('usageOfLine', () => {
  it.each(['usage', 'usage_adjustment'] as const)('spans the days of a line of %s in the zone', (kind) => {
    expect(usageOfLine(line(kind), { timezone: 'Europe/Berlin' })).toEqual({
      productRef: 'calls',
      from: Date.parse('2025-12-31T23:00:00Z'),
      to: Date.parse('2026-01-31T23:00:00Z'),
    })
  })

  it('knows no events of a fee', () => {
    expect(usageOfLine(line('recurring'), { timezone: 'UTC' })).toBeUndefined()
  })
})
