/**
 * Over how many objects a customer's meter has been spread, in the order in which it grew: 1 at first, then powers of
 * two. The last number says where an event goes; the earlier ones where its id may have been counted before.
 */
export type Spread = readonly number[]

export const UNSPREAD: Spread = [1]
export const SHARDS_MAX = 64

/** The shard that an id belongs to. */
export const shardOf = (ids: Uint32Array, at: number, spread: Spread): number =>
  ids[at]! & (spread.at(-1)! - 1)

/** The shards that ids of this shard belonged to before, itself left out. */
export const earlierShardsOf = (shard: number, spread: Spread): number[] => [
  ...new Set(
    spread
      .slice(0, -1)
      .map((shards) => shard & (shards - 1))
      .filter((earlier) => earlier !== shard),
  ),
]

export const isShardCount = (shards: number): boolean =>
  Number.isInteger(shards) && shards >= 1 && shards <= SHARDS_MAX && (shards & (shards - 1)) === 0

/** A reference holds no control character, so a shard's name is never a customer's. */
const SEPARATOR = '\u0000'

/** The name of the object; the first shard has the customer's own reference. */
export const shardName = (customerRef: string, shard: number): string =>
  shard === 0 ? customerRef : `${customerRef}${SEPARATOR}${shard}`

export function readShardName(name: string): { customerRef: string; shard: number } {
  const [customerRef = '', shard = '0'] = name.split(SEPARATOR)
  return { customerRef, shard: Number(shard) }
}
