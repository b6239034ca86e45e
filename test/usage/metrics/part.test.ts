import { expect, it } from 'vitest'
import { partOf } from '../../../src/usage/metrics/part.ts'

// The published FNV-1a hashes of the keys, folded: the last two digits of both halves, xor.
it.each([
  ['', 0x811c9dc5, 0x1c ^ 0xc5],
  ['a', 0xe40c292c, 0x0c ^ 0x2c],
  ['foobar', 0xbf9cf968, 0x9c ^ 0x68],
])('"%s", of hash %i, is in part %i', (key, _, part) => expect(partOf(key)).toBe(part))

it('spreads keys over all parts', () => {
  const parts = Array.from({ length: 25_600 }, (_, user) => partOf(`user-${user}`))
  const sizes = Array.from({ length: 256 }, (_, part) => parts.filter((one) => one === part).length)
  expect(sizes.reduce((total, size) => total + size)).toBe(25_600)
  // 100 each on average.
  expect(Math.max(...sizes)).toBeLessThan(200)
})
