import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CellSums } from '../../src/usage/bucket.ts'
import { consign } from '../../src/usage/consignment.ts'
import { eventRef } from '../../src/usage/event-ref.ts'
import { ENTRY_WORDS, numberOf } from '../../src/usage/known-ids/id-entry.ts'
import { cellWithout, entriesWithout, linesWithout } from '../../src/usage/meter/left-out.ts'
import { type LogLine, PARCEL_CHARS_MAX, type Parcel, ParcelBuilder } from '../../src/usage/parcel.ts'
import { shardName } from '../../src/usage/shards.ts'
import { type EventBody, type UsageEvent, usageEvent } from '../../src/usage/usage-event.ts'
import { anyText } from '../support/any-text.ts'

const NOW = Date.UTC(2026, 1, 6, 12)

function eventOf(raw: Record<string, unknown>): UsageEvent {
  const body = { customer_ref: 'acme', ...raw }
  return usageEvent(body as unknown as EventBody, body, NOW)
}

const events = fc
  .array(
    fc.record({
      event_id: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((id) => id.isWellFormed()),
      usage_product_ref: fc.constantFrom('calls', 'storage', 'produits été'),
      timestamp: fc
        .date({ min: new Date(NOW - 86_400_000), max: new Date(NOW), noInvalidDate: true })
        .map((date) => date.toISOString()),
      quantity: fc
        .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.constantFrom('', '.5', '.000000000001'))
        .map(([whole, fraction]) => `${whole}${fraction}`),
      additional_report_data: fc.dictionary(fc.string(), anyText(), { maxKeys: 2 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => all.map(eventOf))

function pack(own: readonly UsageEvent[]): Parcel {
  const builder = new ParcelBuilder('acme', NOW)
  for (const event of own) builder.add(event)
  return builder.parcel()
}

/** The id and content hash of each entry with the line that it points to. */
function eventsIn(ids: Uint32Array, lines: string) {
  let from = 0
  return Array.from({ length: ids.length / ENTRY_WORDS }, (_, place) => {
    const entry = ids.subarray(place * ENTRY_WORDS, (place + 1) * ENTRY_WORDS)
    const line = lines.slice(from, numberOf(entry, 0))
    from = numberOf(entry, 0)
    return [...entry.subarray(0, ENTRY_WORDS - 1), line]
  })
}

/** What parcels hold, put together. */
function contentOf(parcels: readonly Parcel[]) {
  const cells = new CellSums()
  for (const parcel of parcels) cells.addTexts(parcel.cells)
  return {
    events: parcels.flatMap(({ ids, lines }) => eventsIn(ids, lines)),
    cells: cells.texts().sort(([a, at], [b, bt]) => (a === b ? at - bt : a < b ? -1 : 1)),
    count: parcels.reduce((total, { count }) => total + count, 0),
    firstAt: Math.min(...parcels.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...parcels.map(({ lastAt }) => lastAt)),
    products: [...new Set(parcels.flatMap(({ products }) => products.map(([ref]) => ref)))],
  }
}

describe('parcels', () => {
  it('hold the same ids, totals and lines, however events are split into them', () =>
    fc.assert(
      fc.property(events, fc.array(fc.nat(40), { maxLength: 5 }), (all, cuts) => {
        const bounds = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length]
        const parts = bounds
          .slice(1)
          .map((end, index) => all.slice(bounds[index], end))
          .filter(({ length }) => length > 0)
        expect(contentOf(parts.map(pack))).toEqual(contentOf([pack(all)]))
      }),
    ))

  it('are without the events that are left out what they would be had these never been in them', () =>
    fc.assert(
      fc.property(events, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (all, isLeft) => {
        const parcel = pack(all)
        const ends = all.map((_, place) => numberOf(parcel.ids, place * ENTRY_WORDS))
        const leftOut = all.flatMap((_, place) =>
          isLeft[place] ? [{ place, lineStart: ends[place - 1] ?? 0, lineEnd: ends[place]! }] : [],
        )
        const others = pack(all.filter((_, place) => !isLeft[place]))
        expect(linesWithout(parcel.lines, leftOut)).toBe(others.lines)
        const ids = (entries: Uint32Array) => [...entries].filter((_, word) => word % ENTRY_WORDS < 5)
        expect(ids(entriesWithout(parcel.ids, leftOut))).toEqual(ids(others.ids))
        const cells = new CellSums()
        cells.addTexts(parcel.cells)
        for (const one of leftOut) cells.addText(cellWithout(parcel.lines, one))
        expect(cells.texts().sort()).toEqual(others.cells.filter(([, , , count]) => count > 0).toSorted())
      }),
    ))

  it('hold each event as it was sent, one on each line', () =>
    fc.assert(
      fc.property(events, (all) => {
        const lines = pack(all).lines.split('\n')
        expect(lines.pop()).toBe('')
        const read = lines.map((line): LogLine => JSON.parse(line))
        expect(read).toEqual(
          all.map(({ eventId, body }) => ({
            event_id: eventId,
            received_at: '2026-02-06T12:00:00.000Z',
            event: JSON.parse(body),
          })),
        )
      }),
    ))

  it('hold the exact sum and the number of events of each quarter of an hour', () => {
    const at = (time: string, quantity: string, usage_product_ref = 'calls') =>
      eventOf({
        event_id: `${time}${quantity}`,
        timestamp: `2026-02-05T${time}Z`,
        quantity,
        usage_product_ref,
      })
    const parcel = pack([
      at('09:00:00', '0.1'),
      at('09:14:59.999', '0.2'),
      at('09:15:00', '7'),
      at('09:01:00', '1', 'storage'),
      at('09:02:00', '-1', 'storage'),
    ])
    const nine = Date.UTC(2026, 1, 5, 9)
    expect(contentOf([parcel]).cells).toEqual([
      ['calls', nine, '0.3', 2],
      ['calls', nine + 900_000, '7', 1],
      ['storage', nine, '0', 2],
    ])
    expect([parcel.firstAt, parcel.lastAt]).toEqual([nine, nine + 900_000])
  })
})

describe('a consignment', () => {
  it('names each event once, with its reference, whatever the number of meters and shards', () =>
    fc.assert(
      fc.property(
        events,
        fc.constantFrom<[number, ...number[]]>([1], [1, 2], [1, 2, 8]),
        fc.nat(2),
        (own, spread, others) => {
          const all = own.map((event, place) => ({ ...event, customerRef: `acme-${place % (others + 1)}` }))
          const consignments = consign(all, all.keys(), new Map([['acme-0', spread]]), NOW)
          const refs = new Map(
            consignments.flatMap(({ places, refs }) => places.map((place, index) => [place, refs[index]])),
          )
          expect(refs.size).toBe(consignments.reduce((total, { places }) => total + places.length, 0))
          expect(all.map((_, place) => refs.get(place))).toEqual(
            all.map(({ customerRef, eventId }) => eventRef(customerRef, eventId)),
          )
          const shards = Array.from({ length: spread.at(-1)! }, (_, shard) => shardName('acme-0', shard))
          for (const { meter, places } of consignments)
            for (const place of places) {
              const { customerRef } = all[place]!
              expect(customerRef === 'acme-0' ? shards : [customerRef]).toContain(meter)
            }
        },
      ),
    ))

  it('is cut where a row of the log would become too long, and loses nothing', () => {
    const note = 'x'.repeat(60_000)
    const all = Array.from({ length: 20 }, (_, index) =>
      eventOf({
        event_id: `e${index}`,
        timestamp: '2026-02-05T09:00:00Z',
        quantity: '1',
        usage_product_ref: 'calls',
        additional_report_data: { note },
      }),
    )
    const parcels = consign(all, all.keys(), new Map(), NOW).map(({ parcel }) => parcel)
    // 60,117 characters of each event: six fit into 400,000.
    expect(parcels.map(({ count }) => count)).toEqual([6, 6, 6, 2])
    for (const { lines } of parcels) expect(lines.length).toBeLessThan(PARCEL_CHARS_MAX)
    expect(contentOf(parcels)).toEqual(contentOf([pack(all)]))
  })
})
