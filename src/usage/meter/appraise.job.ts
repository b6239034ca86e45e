import { type Appraisal, type Appraised, violation } from '../verdict.ts'
import { lateness } from './lateness.ts'
import { lookUpContracts } from './lessons.job.ts'
import type { WorkingMeter } from './meter-memory.job.ts'

/** What the contracts have against a changed event, and the billing cycle that it counts in. */
export async function appraise(
  meter: WorkingMeter,
  { productRef, at, validations, isMoved, now }: Appraised,
): Promise<Appraisal> {
  const { of } = meter.memory.billing
  if (!of(productRef, at)) await lookUpContracts(meter)
  const late = isMoved ? lateness(productRef, at, now, of) : undefined
  const refusal = late ?? violation(validations ?? {}, productRef, at, of) ?? null
  return { cycle: of(productRef, at)?.cycle ?? null, refusal }
}
