import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CYCLE_UNITS } from '../../../src/contracts/contract.ts'
import { boundaryDate, closeInstant, cyclePeriod } from '../../../src/contracts/periods/schedule.ts'
import { dateAt, instantOf, inZone } from '../../../src/contracts/periods/zone.ts'
import { addDays } from '../../../src/kernel/calendar.ts'
import { billingOf, meterCalendar } from '../../../src/usage/meter-calendar.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Tokyo',
  'Europe/Berlin',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
]

describe('a change of zone', () => {
  const tokyo = inZone(termsOf([]), 'Asia/Tokyo', '2026-03-01')

  it.each([
    { date: '2026-02-01', at: '2026-02-01T00:00:00Z' },
    // The boundary of the change still lies in the zone before; Tokyo is nine hours ahead.
    { date: '2026-03-01', at: '2026-03-01T00:00:00Z' },
    { date: '2026-04-01', at: '2026-03-31T15:00:00Z' },
  ])('begins $date at $at', ({ date, at }) => {
    expect(instantOf(tokyo, date)).toBe(Date.parse(at))
  })

  it('never counts an instant to a day before the change', () => {
    const west = inZone(termsOf([]), 'America/New_York', '2026-03-01')
    // 20:00 of 28 February in New York, and the first instant of the next cycle.
    expect(dateAt(west, Date.parse('2026-03-01T00:00:00Z'))).toBe('2026-03-01')
    expect(dateAt(west, Date.parse('2026-02-28T23:59:59Z'))).toBe('2026-02-28')
    expect(dateAt(west, Date.parse('2026-03-02T04:59:59Z'))).toBe('2026-03-01')
  })

  it('closes the last cycle of the zone before at its own midnight', () => {
    expect(closeInstant(tokyo, 2)).toBe(Date.parse('2026-03-01T00:00:00Z'))
    expect(closeInstant(tokyo, 3)).toBe(Date.parse('2026-03-31T15:00:00Z'))
  })

  it('leaves no trace of a zone that never held', () => {
    const back = inZone(tokyo, 'Europe/Berlin', '2026-03-01')
    expect(back.earlier_zones).toEqual([{ timezone: 'UTC', until: '2026-03-01' }])
    expect(inZone(tokyo, 'Asia/Tokyo', '2026-05-01')).toBe(tokyo)
  })
})

it('periods tile through any changes of zone: every instant lies in one cycle, and the meter finds it', () => {
  const change = fc.record({ zone: fc.constantFrom(...ZONES), after: fc.integer({ min: 1, max: 6 }) })
  fc.assert(
    fc.property(
      fc.constantFrom(...CYCLE_UNITS.filter((unit) => unit !== 'DAILY')),
      fc.constantFrom(...ZONES),
      fc.integer({ min: 0, max: 7000 }),
      fc.array(change, { maxLength: 3 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      (unit, timezone, day, changes, within) => {
        const start = addDays('2020-01-01', day)
        const products = [sold('calls', { type: 'unit', unit_amount: '1' })]
        let terms = termsOf(products, {
          start_date: start,
          anchor_date: start,
          timezone,
          billing_cycle: { unit, cycle: 1 },
        })
        let at = 0
        for (const { zone, after } of changes) {
          at += after
          terms = inZone(terms, zone, boundaryDate(terms, at))
        }
        const boundaries = Array.from({ length: at + 3 }, (_, k) => instantOf(terms, boundaryDate(terms, k)))
        for (const [k, instant] of boundaries.slice(1).entries())
          expect(instant).toBeGreaterThan(boundaries[k]!)
        const n = 1 + (within % (at + 2))
        const [from, to] = [boundaries[n - 1]!, boundaries[n]!]
        const moment = from + (within % (to - from))
        for (const one of [from, moment, to - 1]) {
          const { start: first, end } = cyclePeriod(terms, n)
          const date = dateAt(terms, one)
          expect(first <= date && date < end).toBe(true)
          const contract = { ref: 'c', entityRef: 'e', version: 1, terms } as never
          const calendar = meterCalendar([contract], new Map())
          expect(billingOf(calendar, 'calls', one)?.cycle).toEqual({ start: from, end: to })
        }
      },
    ),
    { numRuns: 60 },
  )
})
