import type { Contract } from '../../contracts/contract.ts'
import { cyclePeriod } from '../../contracts/periods/schedule.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Book } from '../../ledger/journal-entry.ts'
import { entriesToPlan, type Posted, portionsBeyond } from '../accounting/schedule-of.ts'
import { heldBack } from '../recognition/held-back.ts'
import type { Portion } from '../recognition/line.ts'
import type { Schedule, ScheduleEntry } from '../recognition.ts'
import type { UnmetSpan } from '../transaction-price/contract-criteria.ts'
import { type AccruedFor, type Earned, type Earning, earnedOf } from './earned.ts'

/** What is accrued under one boundary of a contract for one of its products, or its commitment: a schedule of its own. */
export type Accrual = Schedule & { accrual: 'open'; accruedFor: AccruedFor; boundary: number }

/** An accrual as it stands in the books. */
export type KnownAccrual = Pick<
  Accrual,
  'lineId' | 'contractRef' | 'productRef' | 'accruedFor' | 'boundary'
> & {
  /** `billed`: its boundary is closed, and it waits to be taken back. */
  accrual: 'open' | 'billed'
  portions: readonly Posted[]
  /** The legal entity's. */
  timezone: string
}

/** What a run accrues for a contract. */
export type ContractAccruals = {
  contract: Contract
  accruals: Accrual[]
  entries: ScheduleEntry[]
  /** By grant, what of the customer's credit it counts on; minor units. */
  creditUsed: Record<string, Minor>
}

/**
 * Accrues what is earned and on no invoice yet (usage: ASC 606-10-55-18, IFRS 15.B16; a fee in arrears: a contract asset,
 * ASC 606-10-45-3, IFRS 15.107): the revenue of the invoices to come, as far as it lies in months that are over, less
 * what was accrued before. Each month has its own difference, posted under its last day, so that usage which came late,
 * and tiers which later usage has moved, belong to their month. Repeated, it finds nothing to add; minor units.
 *
 * @example a quarter with 10.00 used in January, then 4.00 more of it reported in February, and 7.00 of February:
 * 10.00 under 31 January; 4.00 under 31 January, 7.00 under 28 February
 */
export function accrue(
  earning: Earning,
  known: readonly KnownAccrual[],
  now: Instant,
): { accruals: Accrual[]; entries: ScheduleEntry[] } {
  const wanted = earnedOf(earning).flatMap((earned) =>
    inEachBook(earned, earning).map(([book, portions]) => ({
      accrual: accrualOf(earning, { ...earned, portions }, book, now),
      portions,
    })),
  )
  const standing = known.filter(({ accrual }) => accrual === 'open').flatMap(({ portions }) => portions)
  const entries = entriesToPlan(
    wanted.map(({ accrual, portions }) => ({ lineId: accrual.lineId, portions })),
    standing,
    earning.timezone,
  )
  const moved = new Set(entries.map(({ lineId }) => lineId))
  return {
    accruals: wanted.map(({ accrual }) => accrual).filter(({ lineId }) => moved.has(lineId)),
    entries,
  }
}

/** Nothing is accrued for days without a contract; the second book has what the other framework has otherwise. */
function inEachBook(
  { portions, productRef }: Earned,
  { unmet, lastDay }: Earning,
): (readonly [Book, Portion[]])[] {
  if (!unmet) return [['primary', portions]]
  const earned = portions
    .map((portion) => ({ ...portion, key: productRef }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
  const upTo = (spans: readonly UnmetSpan[]) => heldBack(earned, spans).filter(({ date }) => date <= lastDay)
  const primary = upTo(unmet.primary)
  const beyond = unmet.secondary ? portionsBeyond(primary, upTo(unmet.secondary)) : []
  return [['primary', primary], ...(beyond.length > 0 ? [['secondary', beyond] as const] : [])]
}

/** Takes back what stands of accruals, under the days that it stands under. */
export const takenBack = (known: readonly KnownAccrual[]): ScheduleEntry[] =>
  known.flatMap(({ portions, timezone }) => entriesToPlan([], portions, timezone))

/**
 * The accruals that lines of an invoice bill: those of their product, also under a later boundary, where a contract that
 * was changed has billed it earlier. What is still to be billed under that one is accrued again by the next run.
 */
export const billedBy = (
  lines: readonly { contractRef: string; productRef: string; accruedFor: AccruedFor; cycleNo: number }[],
  known: readonly KnownAccrual[],
): KnownAccrual[] =>
  known.filter((accrual) =>
    lines.some(
      (line) =>
        line.contractRef === accrual.contractRef &&
        line.productRef === accrual.productRef &&
        line.accruedFor === accrual.accruedFor &&
        line.cycleNo <= accrual.boundary,
    ),
  )

function accrualOf(
  { contract, lastDay }: Earning,
  { boundary, productRef, accruedFor, method, portions }: Earned,
  book: Book,
  now: Instant,
): Accrual {
  const service = cyclePeriod(contract.terms, boundary)
  const of = [...(book === 'primary' ? [] : [book]), ...(accruedFor === 'service' ? [] : [accruedFor])]
  return {
    lineId: derivedId('acr', ...of, contract.ref, boundary, productRef),
    invoiceId: null,
    entityRef: contract.entityRef,
    customerRef: contract.customerRef,
    contractRef: contract.ref,
    productRef,
    currency: contract.terms.currency,
    method,
    amount: sum(portions.map(({ amount }) => amount)),
    serviceStart: service.start,
    serviceEnd: service.end,
    book,
    bookedOn: lastDay,
    createdAt: now,
    accrual: 'open',
    accruedFor,
    boundary,
  }
}
