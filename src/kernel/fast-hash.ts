/**
 * MurmurHash3 (x86, 128 bits) of a text in UTF-16 (little-endian), as four words written at `place`. Ten times as fast
 * as SHA-256 and spread as evenly, but no defence against somebody who looks for two texts with one hash: only for
 * what its own sender would be harmed by.
 *
 * Source: Austin Appleby, MurmurHash3_x86_128 (public domain); two units make up a word.
 */
export function fastHash128(text: string, out: Uint32Array, place: number): void {
  const length = text.length
  let [h1, h2, h3, h4] = [0, 0, 0, 0]
  let at = 0
  for (; at + 8 <= length; at += 8) {
    h1 ^= mixed(word(text, at), C1, 15, C2)
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0
    h2 ^= mixed(word(text, at + 2), C2, 16, C3)
    h2 = (Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747) | 0
    h3 ^= mixed(word(text, at + 4), C3, 17, C4)
    h3 = (Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35) | 0
    h4 ^= mixed(word(text, at + 6), C4, 18, C1)
    h4 = (Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17) | 0
  }
  // A unit that the text does not have reads as NaN, which the bits of a word take as nothing.
  if (at < length) {
    h1 ^= mixed(word(text, at), C1, 15, C2)
    h2 ^= mixed(word(text, at + 2), C2, 16, C3)
    h3 ^= mixed(word(text, at + 4), C3, 17, C4)
    h4 ^= mixed(word(text, at + 6), C4, 18, C1)
  }
  const bytes = length * 2
  h1 ^= bytes
  h2 ^= bytes
  h3 ^= bytes
  h4 ^= bytes
  const all = (h1 + h2 + h3 + h4) | 0
  const a = finished(all)
  const b = finished((h2 + all) | 0)
  const c = finished((h3 + all) | 0)
  const d = finished((h4 + all) | 0)
  const sum = (a + b + c + d) | 0
  out[place] = sum
  out[place + 1] = b + sum
  out[place + 2] = c + sum
  out[place + 3] = d + sum
}

const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

const word = (text: string, at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)

const rotated = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

const mixed = (bits: number, first: number, by: number, second: number): number =>
  Math.imul(rotated(Math.imul(bits, first), by), second)

function finished(bits: number): number {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
