import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostedToken, invoiceOfToken } from '../../src/invoicing/documents/hosted-link.ts'
import {
  addDays,
  addMonths,
  daysBetween,
  isLocalDate,
  isTimeZone,
  localDate,
  mondayOf,
  startOfDay,
  toIso,
} from '../../src/kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../../src/kernel/hash.ts'
import { derivedId } from '../../src/kernel/id.ts'
import { paged } from '../../src/kernel/page.ts'

describe('local dates', () => {
  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2024-02-29', true],
    ['2026-2-1', false],
    ['2026-13-01', false],
    ['1026-01-01', false],
  ])('%s is a date: %s', (text, valid) => expect(isLocalDate(text)).toBe(valid))

  // New York leaves standard time (UTC-5) on 8 March 2026 and returns on 1 November.
  it.each([
    ['2026-03-01', 'America/New_York', '2026-03-01T05:00:00.000Z'],
    ['2026-04-01', 'America/New_York', '2026-04-01T04:00:00.000Z'],
    ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
    // Clocks in Cairo go from 23:59:59 to 01:00 on the last Friday of April: the day begins at 01:00 (UTC+3).
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ])('%s begins in %s at %s', (date, zone, instant) => {
    expect(toIso(startOfDay(date, zone))).toBe(instant)
    expect(localDate(startOfDay(date, zone), zone)).toBe(date)
  })

  it('keep the day of the anchor when months are counted from it', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2026-01-31', 2)).toBe('2026-03-31')
  })

  it.each([
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-30', -13, '2024-12-30'],
    ['2026-11-30', 3, '2027-02-28'],
  ])('%s and %i months are %s', (date, months, sum) => expect(addMonths(date, months)).toBe(sum))

  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2024-03-01', -1, '2024-02-29'],
    ['1970-01-01', -1, '1969-12-31'],
    ['2026-03-28', 2, '2026-03-30'],
  ])('%s and %i days are %s', (date, days, sum) => expect(addDays(date, days)).toBe(sum))

  // 1 January 1970 was a Thursday, 23 November 2026 is a Monday.
  it.each([
    ['1970-01-01', '1969-12-29'],
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['1960-02-29', '1960-02-29'],
  ])('the week of %s began on %s', (date, monday) => expect(mondayOf(date)).toBe(monday))

  it('go on after the year 9999', () => expect(daysBetween('9999-12-31', addDays('9999-12-31', 40))).toBe(40))

  it('count the days of a leap February', () => expect(daysBetween('2024-02-01', '2024-03-01')).toBe(29))

  it('know real zones only', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true)
    expect(isTimeZone('Mars/Olympus')).toBe(false)
  })
})

describe('content hashes', () => {
  it('of the same content are equal whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const reversed = Object.fromEntries(Object.entries(content).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(content))
      }),
    )
  })

  // The SHA-256 of "abc", from FIPS 180-2.
  it('follow the standard', () =>
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'))

  it('make ids that differ as soon as a part differs or moves', () => {
    expect(derivedId('x', 'a', 'b')).toBe(derivedId('x', 'a', 'b'))
    expect(derivedId('x', 'a', 'b')).not.toBe(derivedId('x', 'ab', ''))
  })
})

describe('links of hosted invoices', () => {
  it('open the invoice they were made for, and nothing else', () => {
    const token = hostedToken('secret', 'inv_1')
    expect(invoiceOfToken('secret', token)).toBe('inv_1')
    expect(invoiceOfToken('other secret', token)).toBeUndefined()
    expect(invoiceOfToken('secret', token.replace('inv_1', 'inv_2'))).toBeUndefined()
    expect(invoiceOfToken('secret', `${token.slice(0, -1)}`)).toBeUndefined()
    expect(invoiceOfToken('secret', 'inv_1')).toBeUndefined()
  })
})

describe('lists', () => {
  it('give a cursor only when more follows', () => {
    expect(paged(['a', 'b', 'c'], 2, String)).toEqual({ rows: ['a', 'b'], nextCursor: 'b' })
    expect(paged(['a', 'b'], 2, String)).toEqual({ rows: ['a', 'b'], nextCursor: null })
    expect(paged([], 2, String)).toEqual({ rows: [], nextCursor: null })
  })
})
