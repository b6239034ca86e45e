import type { Instant } from '../../kernel/calendar.ts'
import {
  compressed,
  markArchived,
  nextSegment,
  segmentName,
  segmentText,
  waitingForArchive,
} from './archive.store.ts'
import type { MeterContext } from './meter-context.ts'

/** So much of the log is worth an archive object at once; less may wait for a day. */
const FULL_BYTES = 4 * 1024 * 1024
const WAIT_MS = 24 * 60 * 60_000
const SEGMENTS_PER_ALARM = 20

/** When the log is due for the archive, in real time; null when nothing is in it. */
export function archiveDueAt({ sql }: MeterContext, realNow: Instant): Instant | null {
  const { bytes, since } = waitingForArchive(sql)
  if (since === null) return null
  return bytes >= FULL_BYTES ? realNow : since + WAIT_MS
}

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
