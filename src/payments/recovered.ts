import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import { lossLeft, type Recovered, recover, taxRecovered } from '../invoicing/corrections/recovery.ts'
import { writeOffId } from '../invoicing/corrections/write-off.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import type { Candidate } from './match.ts'

/** What of an allocation no longer settles what is open, but recovers what was given up; booked on the day. */
export function recoveredBy(
  { id: sourceId, amount }: Pick<Allocation, 'id' | 'amount'>,
  { id, open, lost }: Candidate,
  bookedFrom: LocalDate,
): Recovered | undefined {
  const beyond = open > 0n ? amount - open : amount
  if (beyond <= 0n) return undefined
  assert(lost, `invoice ${id} is allocated more than is open, and nothing of it was written off`)
  return recover(lost, lost.givenUp, beyond, { sourceId, bookedFrom })
}

/** The same of an allocation that was made, from the rows that it wrote; all of its invoice in their order. */
export function recoveredOf(
  allocationId: string,
  allocations: readonly Allocation[],
  reversals: readonly LineReversal[],
  currency: string,
): Recovered | undefined {
  const place = allocations.findIndex(({ id }) => id === recoveryId(allocationId))
  const loss = place < 0 ? undefined : lossLeft(allocations.slice(0, place), currency)
  if (!loss) return undefined
  const amount = -allocations[place]!.amount
  const own = reversals.filter(({ sourceId }) => sourceId === allocationId)
  return { amount, tax: taxRecovered(loss, amount), reversals: own }
}

const recoveryId = (allocationId: string): string => derivedId('alc', 'recovery', allocationId)

/** Less of the invoice is written off than before. */
export const recoveryRow = (allocation: Allocation, recovered: Minor): Allocation => ({
  ...allocation,
  id: recoveryId(allocation.id),
  kind: 'write_off',
  paymentId: null,
  amount: -recovered,
  reverses: writeOffId(allocation.invoiceId),
  rule: 'recovery',
})

export const lostAgainId = (undoId: string): string => derivedId('alc', 'lost_again', undoId)

/** What was recovered is lost again, with the allocation that took the money back. */
export const lostAgainRow = (undo: Allocation, lost: Minor): Allocation => ({
  ...undo,
  id: lostAgainId(undo.id),
  kind: 'write_off',
  paymentId: null,
  amount: lost,
  reverses: writeOffId(undo.invoiceId),
})
