import { describe, expect, it } from 'vitest'
import {
  earlierShardsOf,
  isShardCount,
  readShardName,
  type Spread,
  shardName,
  shardOf,
} from '../../src/usage/shards.ts'
import { entriesOf, placesOf } from './known-ids/entries.ts'

const IDS = entriesOf('id-', 8_000)

describe('the shards of a meter', () => {
  // 8,000 ids over 8 shards are 1,000 each; the standard deviation is 29.6, five of them 148.
  it('get as many ids each', () => {
    const shards = Map.groupBy(placesOf(IDS), (at) => shardOf(IDS, at, [1, 8]))
    expect([...shards.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    for (const places of shards.values()) expect(Math.abs(places.length - 1_000)).toBeLessThan(148)
  })

  it.each<[Spread]>([[[1]], [[1, 8]], [[1, 2, 8]], [[1, 2, 4, 8, 16, 32, 64]], [[1, 4, 64]]])(
    'of %j: an id was with this shard or with one of the earlier ones',
    (spread) => {
      for (const at of placesOf(IDS)) {
        const shard = shardOf(IDS, at, spread)
        const asked = new Set([shard, ...earlierShardsOf(shard, spread)])
        for (let count = 1; count <= spread.length; count++)
          expect(asked.has(shardOf(IDS, at, spread.slice(0, count)))).toBe(true)
      }
    },
  )

  it.each<[number, Spread, number[]]>([
    [0, [1, 2, 8], []],
    [1, [1, 2, 8], [0]],
    [5, [1, 2, 8], [0, 1]],
    [6, [1, 4, 8], [0, 2]],
  ])('shard %i of %j asks %j', (shard, spread, earlier) =>
    expect(earlierShardsOf(shard, spread)).toEqual(earlier),
  )

  it('ask only shards before themselves, so that none waits for another in a circle', () => {
    for (let shard = 0; shard < 64; shard++)
      for (const earlier of earlierShardsOf(shard, [1, 2, 4, 8, 16, 32, 64]))
        expect(earlier).toBeLessThan(shard)
  })

  it('have names of their own; the first that of the customer', () => {
    expect(shardName('acme', 0)).toBe('acme')
    expect(shardName('acme', 5)).not.toBe(shardName('acme5', 0))
    expect(readShardName(shardName('acme', 5))).toEqual({ customerRef: 'acme', shard: 5 })
    expect(readShardName('acme')).toEqual({ customerRef: 'acme', shard: 0 })
  })

  it.each([
    [1, true],
    [2, true],
    [64, true],
    [0, false],
    [3, false],
    [128, false],
    [-2, false],
    [1.5, false],
    [Number.NaN, false],
  ])('may be %d: %s', (count, allowed) => expect(isShardCount(count)).toBe(allowed))
})
