import type { Env } from '../env.ts'
import { askMeter } from './ask-meter.job.ts'
import type { StoredEvent } from './meter/event-list.store.ts'
import type { ExportPart } from './meter/export.job.ts'
import type { SpreadSetting } from './meter/spread.store.ts'
import type { Period } from './period.ts'
import { shardName } from './shards.ts'

export type Exported = Period & { customerRef: string; productRef?: string | undefined }

/** How far an export reads each shard: two of the same extent read the same events. */
export type ExportExtent = Map<number, number>

/**
 * All events that are asked for, a bounded number at a time, shard by shard in the order in which they came. The
 * extent is filled by whoever reads first, and holds for others.
 */
export async function* exportedEvents(
  env: Env,
  { customerRef, ...query }: Exported,
  extent: ExportExtent = new Map(),
): AsyncGenerator<StoredEvent[]> {
  const { spread } = await askMeter(env, customerRef, (main) => main.setting() as Promise<SpreadSetting>)
  for (let shard = 0; shard < spread.at(-1)!; shard++) {
    for (let after: number | null = 0; after !== null; ) {
      const asked = { ...query, after, until: extent.get(shard) }
      const part: ExportPart = await askMeter(
        env,
        shardName(customerRef, shard),
        (meter) => meter.exportPart(asked) as Promise<ExportPart>,
      )
      extent.set(shard, part.until)
      if (part.events.length > 0) yield part.events
      after = part.after
    }
  }
}
