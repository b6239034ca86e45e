import { addDays, type Instant } from '../../kernel/calendar.ts'
import type { Book } from '../../ledger/journal-entry.ts'
import { frameworksOf } from '../policy.ts'
import type { Schedule, ScheduleEntry } from '../recognition.ts'
import { contractOf, type Decided, decided, type Group, type MemberRow } from './group.ts'
import { type PlannedObligation, planContract } from './plan.ts'
import { differenceOf, entriesToPlan, obligationId, type Posted } from './schedule-of.ts'

/** What planning a group writes: how its members stand, and schedules with the entries that are still to be posted. */
export type GroupPlan<Row extends MemberRow> = {
  members: { row: Row; decided: Decided; problem: string | null }[]
  /** Absent where nothing could be planned: what is there stays. */
  planned?: { schedules: Schedule[]; entries: ScheduleEntry[] }
}

/**
 * Plans a group from its facts, and compares that with what was posted. Facts that allow no plan change nothing but the
 * problem that is shown; they never stop the plans of others.
 */
export function planGroup<Row extends MemberRow>(
  group: Group<Row>,
  posted: readonly Posted[],
  now: Instant,
): GroupPlan<Row> {
  const members = group.members.map((member) => ({ row: member.row, decided: decided(member, group) }))
  if (members.every((member) => member.decided.basis === 'lines') && !keepsAnything(group))
    return { members: members.map((member) => ({ ...member, problem: null })) }
  try {
    const planned = scheduled(group, posted, now)
    refuseBeyondBooks(planned)
    return { members: members.map((member) => ({ ...member, problem: null })), planned }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { members: members.map((member) => ({ ...member, problem })) }
  }
}

/** Revenue that follows no invoice line, whatever the contract's revenue follows. */
const keepsAnything = ({ facts }: Group): boolean => facts.some(({ body }) => body.kind === 'non_refundable')

/** The books hold whole minor units up to 2^53. */
function refuseBeyondBooks({
  schedules,
  entries,
}: {
  schedules: Schedule[]
  entries: ScheduleEntry[]
}): void {
  const most = BigInt(Number.MAX_SAFE_INTEGER)
  const isBeyond = ({ amount }: { amount: bigint }) => amount > most || amount < -most
  if ([...schedules, ...entries].some(isBeyond)) throw new RangeError('An amount is beyond 2^53 minor units.')
}

function scheduled(group: Group, posted: readonly Posted[], now: Instant) {
  const contract = contractOf(group)
  const { primary, secondary } = frameworksOf(group.entity.framework)
  const first = planContract(contract, primary).obligations
  const second = secondary ? differenceOf(first, planContract(contract, secondary).obligations) : []
  const rows = [
    ...first.map((own) => scheduleOf(group, own, 'primary', now)),
    ...second
      .filter(({ portions }) => portions.length > 0)
      .map((own) => scheduleOf(group, own, 'secondary', now)),
  ]
  return {
    schedules: rows.map(({ schedule }) => schedule),
    entries: entriesToPlan(
      rows.map(({ schedule, portions }) => ({ lineId: schedule.lineId, portions })),
      posted,
      group.entity.timezone,
    ),
  }
}

function scheduleOf({ members }: Group, own: PlannedObligation, book: Book, now: Instant) {
  const { row } = members.find((member) => member.row.ref === own.contractRef)!
  const dates = own.portions.map(({ date }) => date)
  const schedule: Schedule = {
    lineId: obligationId(book, own),
    invoiceId: null,
    entityRef: row.entityRef,
    customerRef: row.customerRef,
    contractRef: own.contractRef,
    productRef: own.productRef,
    currency: row.currency,
    method: own.method,
    amount: own.allocated,
    serviceStart: own.serviceStart,
    serviceEnd: dates.length > 0 ? addDays(dates.sort().at(-1)!, 1) : own.serviceStart,
    book,
    bookedOn: own.bookedOn,
    createdAt: now,
  }
  return { schedule, portions: own.portions }
}
