import { describe, expect, it } from 'vitest'
import { entriesIn, fromBlob, numberOf, toBlob } from '../../../src/usage/known-ids/id-entry.ts'
import { IdTable } from '../../../src/usage/known-ids/id-table.ts'
import { entriesOf, placesOf } from './entries.ts'

const numbersIn = (table: IdTable, entries: Uint32Array) =>
  placesOf(entries).map((at) => {
    const place = table.find(entries, at)
    return place < 0 ? undefined : numberOf(table.places, place)
  })

describe('the table of ids', () => {
  it('finds all that was put while it grows, and nothing else', () => {
    const table = new IdTable()
    const entries = entriesOf('id-', 20_000)
    for (const [index, at] of placesOf(entries).entries()) {
      table.put(entries, at)
      // 40 of 64 places are full, and so on with every doubling.
      if ([39, 40, 41, 79, 80, 81, 639, 640, 641].includes(index + 1))
        expect(numbersIn(table, entries).filter((number) => number !== undefined)).toHaveLength(index + 1)
    }
    expect(numbersIn(table, entries)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1))
    expect(numbersIn(table, entriesOf('stranger-', 5_000)).every((number) => number === undefined)).toBe(true)
    expect(table.size).toBe(20_000)
  })

  it('keeps one entry of an id, the last', () => {
    const table = new IdTable()
    table.putAll(entriesOf('id-', 1_000))
    table.putAll(entriesOf('id-', 1_000, 5_001))
    expect(table.size).toBe(1_000)
    expect(numbersIn(table, entriesOf('id-', 1_000))).toEqual(
      Array.from({ length: 1_000 }, (_, index) => 5_001 + index),
    )
  })

  it('finds ids whose places collide', () => {
    // All of one second word, by which the table is spread.
    const entries = entriesOf('id-', 500)
    for (const at of placesOf(entries)) entries[at + 1] = 63
    const table = new IdTable()
    table.putAll(entries)
    expect(numbersIn(table, entries)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
  })

  it('is the same after it was stored and read again', () => {
    const table = new IdTable()
    const entries = entriesOf('id-', 3_000)
    table.putAll(entries)
    const again = new IdTable()
    again.putAll(fromBlob(toBlob(table.entries())))
    expect(entriesIn(table.entries())).toBe(3_000)
    expect(numbersIn(again, entries)).toEqual(numbersIn(table, entries))
  })
})
