import { describe, expect, it } from 'vitest'
import { activeSeeds, rotated, secretOf } from '../../src/webhooks/secret.ts'

describe('the secret of a webhook', () => {
  it('is 32 bytes in base64, other for each seed and each secret of the Worker', () => {
    const secret = secretOf('links', 'seed_1')
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(secretOf('links', 'seed_1')).toBe(secret)
    expect(new Set([secret, secretOf('links', 'seed_2'), secretOf('others', 'seed_1')]).size).toBe(3)
  })

  it('cannot be made without that of the Worker', () => {
    expect(() => secretOf(undefined, 'seed_1')).toThrow(/LINK_SECRET/)
  })

  it('goes on signing until it is over, beside those that follow', () => {
    const first = [{ seed: 'a', until: null }]
    const second = rotated(first, 'b', { now: 0, until: 10 })
    expect(second).toEqual([
      { seed: 'b', until: null },
      { seed: 'a', until: 10 },
    ])
    const third = rotated(second, 'c', { now: 5, until: 20 })
    expect(activeSeeds(third, 9).map(({ seed }) => seed)).toEqual(['c', 'b', 'a'])
    expect(activeSeeds(third, 10).map(({ seed }) => seed)).toEqual(['c', 'b'])
    expect(activeSeeds(third, 20).map(({ seed }) => seed)).toEqual(['c'])
  })

  it('ends at once where nobody needs the former one', () => {
    expect(rotated([{ seed: 'a', until: null }], 'b', { now: 5, until: 5 })).toEqual([
      { seed: 'b', until: null },
    ])
  })
})
