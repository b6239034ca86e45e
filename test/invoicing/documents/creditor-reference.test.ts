import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  creditorReference,
  isCreditorReference,
} from '../../../src/invoicing/documents/creditor-reference.ts'

describe('creditor references (ISO 11649)', () => {
  it.each([
    ['INV2026000123', 'RF98INV2026000123'],
    // The example of the standard.
    ['539007547034', 'RF18539007547034'],
    ['inv-2026/000123', 'RF98INV2026000123'],
  ])('makes of %s %s', (number, reference) => {
    expect(creditorReference(number)).toBe(reference)
  })

  it('takes the end of a number that is too long', () => {
    expect(creditorReference('A-VERY-LONG-INVOICE-SERIES-000042')).toMatch(/^RF\d\d[A-Z0-9]{21}$/)
    expect(creditorReference('A-VERY-LONG-INVOICE-SERIES-000042')).toMatch(/SERIES000042$/)
  })

  it('refuses a number without letters and digits', () => {
    expect(() => creditorReference('--')).toThrow(RangeError)
  })

  it.each(['rf98 inv2 0260 0012 3', 'RF18 5390 0754 7034'])('knows %s as people type it', (text) => {
    expect(isCreditorReference(text)).toBe(true)
  })

  it.each(['RF97INV2026000123', 'RF98INV2026000132', 'INV2026000123', 'RF98', ''])('refuses %j', (text) => {
    expect(isCreditorReference(text)).toBe(false)
  })

  it('finds every wrong character', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9]{1,21}$/),
        fc.nat(),
        fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
        (body, at, character) => {
          const reference = creditorReference(body)
          expect(isCreditorReference(reference)).toBe(true)
          const place = 4 + (at % body.length)
          const wrong = reference.slice(0, place) + character + reference.slice(place + 1)
          const sameKind = /\d/.test(character) === /\d/.test(reference[place]!)
          if (wrong !== reference && sameKind) expect(isCreditorReference(wrong)).toBe(false)
        },
      ),
    )
  })
})
