import { describe, expect, it } from 'vitest'
import { entriesIn, joinEntries, numberOf } from '../../../src/usage/known-ids/id-entry.ts'
import { findInPage, idRun, mayHold, pageOf } from '../../../src/usage/known-ids/id-run.ts'
import { entriesOf, placesOf } from './entries.ts'

const SIZES = [1, 2, 511, 512, 513, 5_000, 40_000]
const STRANGERS = entriesOf('stranger-', 20_000)

describe.each(SIZES)('a run of %i ids', (size) => {
  const entries = entriesOf('id-', size)
  const { pageBits, pages, filter } = idRun(entries)
  const found = (at: number) => {
    const page = pages[pageOf(entries, at, pageBits)]!
    const place = findInPage(page, entries, at)
    return place < 0 ? undefined : numberOf(page, place)
  }

  it('finds each id under its number', () => {
    const numbers = placesOf(entries).map(found)
    expect(numbers).toEqual(Array.from({ length: size }, (_, index) => index + 1))
    expect(pages.reduce((total, page) => total + entriesIn(page), 0)).toBe(size)
  })

  it('lets every id of its own through the filter, and fewer than one in a hundred strangers', () => {
    expect(placesOf(entries).every((at) => mayHold(filter, entries, at))).toBe(true)
    const passed = placesOf(STRANGERS).filter((at) => mayHold(filter, STRANGERS, at)).length
    expect(passed / 20_000).toBeLessThan(0.01)
  })

  it('finds no stranger', () => {
    const places = placesOf(STRANGERS).filter(
      (at) => findInPage(pages[pageOf(STRANGERS, at, pageBits)]!, STRANGERS, at) >= 0,
    )
    expect(places).toEqual([])
  })
})

it('takes the entry that came last where an id was remembered anew', () => {
  const [before, after] = [entriesOf('id-', 3_000), entriesOf('id-', 3_000, 10_001)]
  const { pageBits, pages } = idRun(joinEntries([before, after]))
  for (const at of placesOf(before)) {
    const page = pages[pageOf(before, at, pageBits)]!
    expect(numberOf(page, findInPage(page, before, at))).toBe(numberOf(after, at))
  }
})
