import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastHash128 } from '../../src/kernel/fast-hash.ts'
import { anyText } from '../support/any-text.ts'

const MASK = 0xffff_ffffn
const C = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n]

const rotated = (word: bigint, by: bigint): bigint => ((word << by) | (word >> (32n - by))) & MASK

function finished(word: bigint): bigint {
  let hash = word
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & MASK
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & MASK
  return hash ^ (hash >> 16n)
}

/** MurmurHash3_x86_128 of bytes, step by step as its author wrote it down, in numbers that never overflow. */
function slowHash(bytes: readonly number[], seed = 0n): bigint[] {
  const h = [seed, seed, seed, seed]
  const wordAt = (at: number) =>
    [0, 1, 2, 3].reduce((word, byte) => word | (BigInt(bytes[at + byte] ?? 0) << BigInt(8 * byte)), 0n)
  const mix = (lane: number, word: bigint) => {
    const first = rotated((word * C[lane]!) & MASK, BigInt(15 + lane))
    h[lane]! ^= (first * C[(lane + 1) % 4]!) & MASK
  }
  const turns = [19n, 17n, 15n, 13n]
  const added = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n]
  let at = 0
  for (; at + 16 <= bytes.length; at += 16) {
    for (let lane = 0; lane < 4; lane++) {
      mix(lane, wordAt(at + 4 * lane))
      h[lane] = (rotated(h[lane]!, turns[lane]!) + h[(lane + 1) % 4]!) & MASK
      h[lane] = (h[lane]! * 5n + added[lane]!) & MASK
    }
  }
  for (let lane = 3; lane >= 0; lane--) if (bytes.length > at + 4 * lane) mix(lane, wordAt(at + 4 * lane))
  const summed = () => {
    h[0] = (h[0]! + h[1]! + h[2]! + h[3]!) & MASK
    for (let lane = 1; lane < 4; lane++) h[lane] = (h[lane]! + h[0]!) & MASK
  }
  for (let lane = 0; lane < 4; lane++) h[lane]! ^= BigInt(bytes.length)
  summed()
  for (let lane = 0; lane < 4; lane++) h[lane] = finished(h[lane]!)
  summed()
  return h
}

const unitBytes = (text: string): number[] =>
  Array.from({ length: text.length }, (_, place) => text.charCodeAt(place)).flatMap((unit) => [
    unit & 0xff,
    unit >> 8,
  ])

function hashOf(text: string): bigint[] {
  const words = new Uint32Array(4)
  fastHash128(text, words, 0)
  return Array.from(words, BigInt)
}

const littleEndian = (words: readonly bigint[]): number[] =>
  words.flatMap((word) => [0n, 8n, 16n, 24n].map((by) => Number((word >> by) & 0xffn)))

describe('the hash of ids', () => {
  // SMHasher hashes the keys 0; 0 1; 0 1 2; ... of 0 to 255 bytes with the seeds 256 to 1, and then all hashes.
  it('is compared with a function that has the verification value of SMHasher', () => {
    const hashes = Array.from({ length: 256 }, (_, length) =>
      littleEndian(
        slowHash(
          Array.from({ length }, (_, byte) => byte),
          BigInt(256 - length),
        ),
      ),
    )
    expect(slowHash(hashes.flat())[0]).toBe(0xb3ece62an)
  })

  it('is MurmurHash3_x86_128 of the text in UTF-16', () =>
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        expect(hashOf(text)).toEqual(slowHash(unitBytes(text)))
      }),
      { numRuns: 500 },
    ))

  it.each(['', 'a', '\u0000', '\u0000\u0000', '\ud800', '\uffff'.repeat(9)])('of %j, too', (text) =>
    expect(hashOf(text)).toEqual(slowHash(unitBytes(text))),
  )

  it('writes where it is told, and nowhere else', () => {
    const words = new Uint32Array(8).fill(7)
    fastHash128('event', words, 2)
    expect([...words.slice(0, 2), ...words.slice(6)]).toEqual([7, 7, 7, 7])
    expect(Array.from(words.slice(2, 6), BigInt)).toEqual(hashOf('event'))
  })

  // Of 64,000 ids over 64 places each takes 1,000 on average; the standard deviation is 31.4, five of them 157.
  it('spreads ids that differ in little evenly, by the leading and by the last bits of each word', () => {
    const words = new Uint32Array(4)
    const counts = Array.from({ length: 8 }, () => new Uint32Array(64))
    for (let id = 0; id < 64_000; id++) {
      fastHash128(`event-${id}`, words, 0)
      for (const [place, word] of words.entries()) {
        counts[place * 2]![word & 63]!++
        counts[place * 2 + 1]![word >>> 26]!++
      }
    }
    for (const count of counts.flatMap((places) => [...places]))
      expect(Math.abs(count - 1_000)).toBeLessThan(157)
  })
})
