import type { BillingLookup } from '../meter-calendar.ts'
import type { Parcel } from '../parcel.ts'
import { type Verdict, violation } from '../verdict.ts'
import { lateEvents } from './lateness.ts'

/** The same verdict for every event of a parcel. */
export const verdictForAll = (parcel: Parcel, verdict: Verdict): [place: number, Verdict][] =>
  Array.from({ length: parcel.count }, (_, place) => [place, verdict])

/** What anything in a parcel has against it: one refusal refuses all of it. */
export function refusalOfAny(
  parcel: Parcel,
  billing: BillingLookup,
  forgottenBefore: number,
): Verdict | undefined {
  const [late] = lateEvents(parcel, billing, forgottenBefore).values()
  if (late) return late
  for (const [, productRef, at, validations] of parcel.checks) {
    const refusal = violation(validations, productRef, at, billing)
    if (refusal) return refusal
  }
  return undefined
}
