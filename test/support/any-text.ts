import { type Arbitrary, array, integer } from 'fast-check'

const SURROGATES = { from: 0xd800, count: 0x800 }

const anyCharacter = integer({ min: 0, max: 0x10ffff - SURROGATES.count }).map((point) =>
  String.fromCodePoint(point < SURROGATES.from ? point : point + SURROGATES.count),
)

/**
 * Text of any characters that UTF-8 can write. fast-check's unit `binary` is the same, but spends a second on a table of
 * them in each file.
 */
export const anyText = (length: { maxLength?: number } = {}): Arbitrary<string> =>
  array(anyCharacter, length).map((characters) => characters.join(''))
