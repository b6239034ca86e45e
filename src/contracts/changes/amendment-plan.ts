import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import { type Fault, invalid, type Problem } from '../../kernel/problem.ts'
import type { Contract, ContractTerms } from '../contract.ts'
import { boundaryDate, boundaryFrom, cyclePeriod } from '../periods/schedule.ts'
import { dateAt, instantOf } from '../periods/zone.ts'
import { faultsOfTerms } from '../terms/faults.ts'
import type { SoldProduct } from '../terms/rule.ts'
import { amendTerms, boundaryOn, type ContractChange, changesSettings } from './amendment.ts'
import { billsChangeAfter, changeInstant } from './change-billing.ts'
import { type ApplyMode, changeDays } from './change-date.ts'
import { invalidContract } from './contract-refusals.ts'

export const BILL_MODES = ['next', 'now'] as const

/** `bill`: what a change inside the running cycle costs comes with the next invoice, or by one of its own on the day. */
export type HowToChange = { apply: ApplyMode; bill: (typeof BILL_MODES)[number] }

/** Where an amendment begins: the first boundary that it can be seen at, and whether the running cycle sees it before. */
export type OpenPlace = { fromBoundary: number; isInRunningCycle: boolean }

/**
 * Where a day lies among the cycles that are still to be invoiced. A day of the running cycle counts too, although its fees
 * in advance are billed. Throws `effective_date_not_open`.
 */
export function openPlace(contract: Pick<Contract, 'terms' | 'nextCycle'>, day: LocalDate): OpenPlace {
  const { terms, nextCycle } = contract
  const running = nextCycle > 0 ? cyclePeriod(terms, nextCycle) : undefined
  if (running && running.start <= day && day < running.end) {
    return { fromBoundary: nextCycle, isInRunningCycle: true }
  }
  const fromBoundary = boundaryFrom(terms, day)
  if (fromBoundary >= nextCycle && day >= terms.start_date) return { fromBoundary, isInRunningCycle: false }
  throw effectiveDateNotOpen(`"${day}" lies in a cycle that is invoiced`, contract)
}

/**
 * The next version of a contract. Throws `invalid_contract` with every fault, or `effective_date_not_open` where settings
 * were to change later than with the next invoice.
 */
export function decideAmendment(
  contract: Contract,
  change: ContractChange,
  { effective, apply, bill }: HowToChange & { effective: LocalDate },
  sold: ReadonlyMap<string, SoldProduct>,
  now: Instant,
): Contract {
  const { terms, nextCycle, version } = contract
  const { fromBoundary, isInRunningCycle } = openPlace(contract, effective)
  const boundary = boundaryDate(terms, fromBoundary)
  if (
    changesSettings(change) &&
    (fromBoundary !== nextCycle || (!isInRunningCycle && boundary !== effective))
  ) {
    throw effectiveDateNotOpen('Other fields than "products" change with the next invoice', contract)
  }
  const kindOf = (ref: string) => sold.get(ref)?.kind
  const wanted = change.products ?? []
  const dayOf = changeDays(contract, { effective, apply, wanted, kindOf })
  const zoneFrom = endOfRunningCycle(terms, boundary, now)
  const after = amendTerms(terms, change, { dayOf, boundary, zoneFrom }, (ref) => kindOf(ref) === 'one_time')
  const faults = [...faultsOfTerms(after, sold), ...faultsOfZone(after, zoneFrom)]
  if (faults.length > 0) throw invalidContract(faults)
  const asked = bill === 'now' && isInRunningCycle ? changeInstant(after, effective) : null
  return {
    ...contract,
    terms: after,
    version: version + 1,
    billsChangeAt:
      contract.status === 'draft'
        ? null
        : earliest(asked, contract.billsChangeAt, billsChangeAfter({ terms: after }, now)),
  }
}

function earliest(...moments: (Instant | null | undefined)[]): Instant | null {
  const given = moments.filter((at) => at != null)
  return given.length === 0 ? null : Math.min(...given)
}

/** A cycle keeps the zone that it began in: the first boundary of another zone is the one after its end. */
function endOfRunningCycle(terms: ContractTerms, boundary: LocalDate, now: Instant): LocalDate {
  const today = dateAt(terms, now)
  const end = boundaryDate(terms, boundaryFrom(terms, addDays(today, 1)))
  return today >= terms.start_date && end > boundary ? end : boundary
}

/** A zone far to the east may begin a day before the cycle of a single day has begun in the zone before. */
function faultsOfZone(terms: ContractTerms, from: LocalDate): Fault[] {
  const next = boundaryDate({ ...terms, end_date: null }, (boundaryOn(terms, from) ?? 0) + 1)
  return instantOf(terms, next) > instantOf(terms, from)
    ? []
    : [
        {
          path: 'timezone',
          message: `leaves no time for the cycle from ${from} on; change it by way of a zone between`,
        },
      ]
}

const effectiveDateNotOpen = (
  what: string,
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
): Problem => {
  const next = boundaryDate(terms, nextCycle)
  return invalid('effective_date_not_open', `${what}: ${next} is the next first day of a cycle.`, [
    { path: 'effective_date', message: `must be ${next}, or for products any day that is not invoiced` },
  ])
}
