const PARTS = 256

/**
 * The part of a state that grows with its keys, by the key: 0 to 255, always the same (FNV-1a). Parts keep the state of
 * a busy quarter of an hour within the size of a row, and no key is in two of them.
 */
export function partOf(key: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < key.length; place++) {
    hash = Math.imul(hash ^ key.charCodeAt(place), 0x01000193)
  }
  return ((hash >>> 16) ^ hash) & (PARTS - 1)
}
