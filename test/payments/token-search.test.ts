import { array, assert, constantFrom, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchable, standingIn, wordRuns } from '../../src/payments/token-search.ts'
import { anyText } from '../support/any-text.ts'

describe('the texts that an index is asked for', () => {
  it('begin with a word and end with one', () => {
    expect(wordRuns(searchable('Inv-12 of May'), 5)).toEqual([
      'INV',
      'INV12',
      '12',
      '12OF',
      'OF',
      'OFMAY',
      'MAY',
    ])
    expect(wordRuns(searchable(' -/ '), 64)).toEqual([])
  })

  it('are among them whatever stands in a text as a word of its own', () => {
    const signs = constantFrom('INV', 'inv', '2026', '0001', '-', '/', ' ', 'ß', 'é', '12')
    const written = array(signs, { maxLength: 12 }).map((parts) => parts.join(''))
    const texts = record({ text: written, token: written })
    assert(
      property(texts, ({ text, token }) => {
        const found = standingIn(searchable(text), [token], (item) => item)
        const bare = searchable(token).characters
        expect(found.length === 0 || wordRuns(searchable(text), 64).includes(bare)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    assert(
      property(anyText({ maxLength: 20 }), string({ maxLength: 6 }), (before, token) => {
        const text = searchable(`${before} ${token} ${before}`)
        const found = standingIn(text, [token], (item) => item)
        expect(found.length === 0 || wordRuns(text, 64).includes(searchable(token).characters)).toBe(true)
      }),
    )
  })
})
