import { compressed, markArchived, nextSegment, segmentName, segmentText } from './archive.store.ts'
import type { MeterContext } from './meter-context.store.ts'

const SEGMENTS_PER_ALARM = 20

/**
 * Puts the log into the archive and frees its rows, up to a bounded number of segments; true when nothing is left.
 * A segment that was put but not marked is put once more, under the same name and with the same lines.
 */
export async function archiveLog(meter: MeterContext): Promise<boolean> {
  const { env, storage, sql, name } = meter
  storage.transactionSync(() => meter.books.save())
  for (let count = 0; count < SEGMENTS_PER_ALARM; count++) {
    const segment = nextSegment(sql, meter.books.savedTo)
    if (!segment) return true
    const lines = await compressed(segmentText(sql, segment))
    await env.ARCHIVE.put(segmentName(name, segment.firstNumber), lines)
    storage.transactionSync(() => markArchived(sql, segment))
  }
  return false
}
