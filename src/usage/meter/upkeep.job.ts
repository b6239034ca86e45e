import { realTime } from '../../clock/clock.store.ts'
import { logError } from '../../log.ts'
import { sightedProducts } from '../sighting.store.ts'
import { archiveLog } from './archive.job.ts'
import { archiveDueAt } from './archive.store.ts'
import { introduceSightings } from './introduce.job.ts'
import { idsNeededSince } from './lateness.ts'
import type { WorkingMeter } from './meter-memory.job.ts'
import type { MeterSize } from './meter-size.store.ts'

/**
 * What an alarm is for: tells the database whom the meter has heard of, and puts the log into the archive. The platform
 * gives up on an alarm that fails too often, so failures are caught, neither keeps the other from going on, and the
 * alarm is set again.
 */
export async function keepUp(meter: WorkingMeter, size: MeterSize): Promise<void> {
  const { alarm } = meter.memory
  alarm.rang()
  const due = archiveDueAt(meter.sql, realTime())
  const isDue = due !== null && due <= realTime()
  const results = await Promise.allSettled([
    introduceSightings(meter),
    isDue ? meter.memory.alone(() => archiveLog(meter)) : undefined,
  ])
  forgetIds(meter)
  size.lookAgain()
  if (size.isLarge) await meter.spread.askForMore()
  const failures = results.filter((result) => result.status === 'rejected')
  for (const { reason } of failures) logError(reason, { meter: meter.name, job: 'alarm' })
  if (failures.length > 0) alarm.setForRetry()
  else alarm.setForArchive()
}

/** Forgets ids that no event can come with any more. A shard's may be asked for by others, so those are kept. */
function forgetIds(meter: WorkingMeter): void {
  if (meter.spread.shards > 1) return
  const { billing } = meter.memory
  const { receivedAt } = meter.books
  const needed = idsNeededSince(billing.calendar, sightedProducts(meter.sql), receivedAt)
  if (needed !== undefined) meter.memory.change(() => meter.books.forgetIds(receivedAt, needed))
}
