import { expect, it } from 'vitest'
import { partOf } from '../../../src/usage/metrics/part.ts'

// The published FNV-1a hashes of the keys, folded: the last digits of both halves, xor.
it.each([
  ['', 0x811c9dc5, 0xc ^ 0x5],
  ['a', 0xe40c292c, 0xc ^ 0xc],
  ['foobar', 0xbf9cf968, 0xc ^ 0x8],
])('"%s", of hash %i, is in part %i', (key, _, part) => expect(partOf(key)).toBe(part))

it('spreads keys over all parts', () => {
  const parts = Array.from({ length: 1600 }, (_, user) => partOf(`user-${user}`))
  const sizes = Array.from({ length: 16 }, (_, part) => parts.filter((one) => one === part).length)
  expect(sizes.reduce((total, size) => total + size)).toBe(1600)
  expect(Math.max(...sizes)).toBeLessThan(200)
})
