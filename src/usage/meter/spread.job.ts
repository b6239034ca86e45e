import { askMeter } from '../ask-meter.job.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import type { RunFilter } from '../known-ids/id-runs.store.ts'
import { earlierShardsOf, type Spread, shardName } from '../shards.ts'
import type { MeterContext } from './meter-context.store.ts'
import { type KnownElsewhere, keepSpread, type SpreadSetting } from './spread.store.ts'

/**
 * Takes over the ids that belong to this shard from now on. The shards that they belonged to give up counting them
 * first, and hand over filters of all they have counted: no id is ever counted here and there.
 */
export async function adoptSpread(meter: MeterContext, spread: Spread): Promise<SpreadSetting> {
  const earlier = earlierShardsOf(meter.shard, spread)
  const handed = await Promise.all(
    earlier.map(async (shard) => {
      const name = shardName(meter.customerRef, shard)
      return {
        shard,
        filters: await surrendered(meter, name, spread),
        // Asked second: after it has surrendered, a shard forgets no more.
        forgottenBefore: await askMeter(meter.env, name, (stub) => stub.forgottenBefore() as Promise<number>),
      }
    }),
  )
  const setting = { spread, automatic: meter.spread.setting.automatic }
  meter.storage.transactionSync(() => {
    for (const { shard, filters, forgottenBefore } of handed) {
      meter.inherited.keep(shard, filters)
      meter.books.refuseBefore(forgottenBefore)
    }
    keepSpread(meter.sql, setting)
  })
  return setting
}

/** The filters of all that a shard had counted when it gave up counting what is not its own any more. */
async function surrendered(meter: MeterContext, name: string, spread: Spread): Promise<Uint32Array[]> {
  const all: Uint32Array[] = []
  for (let after = 0; ; ) {
    const runs = await askMeter(
      meter.env,
      name,
      (stub) => stub.surrender(spread, after) as Promise<RunFilter[]>,
    )
    const last = runs.at(-1)
    if (!last) return all
    all.push(...runs.map(({ filter }) => filter))
    after = last.run
  }
}

/** Of the ids of a parcel that this shard does not know, those that other shards counted before the meter spread. */
export async function knownElsewhere(meter: MeterContext, ids: Uint32Array): Promise<KnownElsewhere[]> {
  if (meter.inherited.isEmpty) return []
  const asked = new Map<number, number[]>()
  for (let at = 0; at < ids.length; at += ENTRY_WORDS) {
    if (meter.books.ids.find(ids, at)) continue
    for (const shard of meter.inherited.mayHold(ids, at))
      asked.set(shard, [...(asked.get(shard) ?? []), at / ENTRY_WORDS])
  }
  const answers = await Promise.all(
    [...asked].map(async ([shard, places]) => {
      const entries = entriesAt(ids, places)
      const name = shardName(meter.customerRef, shard)
      const known = await askMeter(
        meter.env,
        name,
        (stub) => stub.find(entries) as Promise<({ content: number; number: number } | null)[]>,
      )
      return places.flatMap((place, index) => {
        const found = known[index]
        return found ? [{ place, shard, ...found }] : []
      })
    }),
  )
  return answers.flat()
}

function entriesAt(ids: Uint32Array, places: readonly number[]): Uint32Array {
  const entries = new Uint32Array(places.length * ENTRY_WORDS)
  for (const [index, place] of places.entries())
    entries.set(ids.subarray(place * ENTRY_WORDS, (place + 1) * ENTRY_WORDS), index * ENTRY_WORDS)
  return entries
}
