import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import type { IsRead, Partly } from '../../kernel/partly.ts'
import { joined } from '../../kernel/problem.ts'
import type { Contract, ContractTerms } from '../contract.ts'
import { boundaryDate, boundaryFrom } from '../periods/schedule.ts'
import { dateAt } from '../periods/zone.ts'
import type { SoldProduct } from '../terms/rule.ts'
import { amendTerms, type ContractChange, productsAfter } from './amendment.ts'
import { faultsOfAmended, faultsOfZone } from './amendment-faults.ts'
import { billsChangeAfter, changeInstant } from './change-billing.ts'
import { type ApplyMode, changeDays } from './change-date.ts'
import { invalidContract } from './contract-refusals.ts'
import { openPlace, refusedDay } from './open-place.ts'

export const BILL_MODES = ['next', 'now'] as const

/** `bill`: what a change inside the running cycle costs comes with the next invoice, or by one of its own on the day. */
export type HowToChange = { apply: ApplyMode; bill: (typeof BILL_MODES)[number] }

/**
 * The next version of a contract, or the contract itself where nothing changes. The change brings the faults that were
 * found of it before. Throws `invalid_contract` with every fault; or `effective_date_not_open`, with all others too, where
 * the day is invoiced or settings were to change later than with the next invoice.
 */
export function decideAmendment(
  contract: Contract,
  change: Partly<ContractChange>,
  { effective, apply, bill }: HowToChange & { effective: LocalDate },
  sold: ReadonlyMap<string, SoldProduct>,
  now: Instant,
): Contract {
  const { terms, nextCycle } = contract
  const place = openPlace(contract, effective)
  const boundary = boundaryDate(terms, place?.fromBoundary ?? nextCycle)
  const isRead: IsRead = (path) => change.isRead(path) && (place !== undefined || path !== 'effective_date')
  const how = { effective: place ? effective : boundary, apply, boundary }
  const { after, products, zoneFrom } = changed(contract, change.value, how, sold, now)
  const faults = [
    ...change.faults,
    ...faultsOfAmended(after, products, { ...change, isRead }, sold),
    ...faultsOfZone(after, zoneFrom),
  ]
  const problems = [
    refusedDay(contract, change.value, effective) ?? [],
    faults.length > 0 ? invalidContract(faults) : [],
  ].flat()
  if (problems.length > 0) throw joined(problems)
  const asked = bill === 'now' && place?.isInRunningCycle ? changeInstant(after, effective) : null
  const isBilledAsBefore = asked === null || asked === contract.billsChangeAt
  if (isBilledAsBefore && isSame(terms, after)) return contract
  return nextVersion(contract, after, asked, now)
}

type How = { effective: LocalDate; apply: ApplyMode; boundary: LocalDate }

/** The terms with a change, and what became of their products. */
function changed(
  contract: Contract,
  change: ContractChange,
  { effective, apply, boundary }: How,
  sold: ReadonlyMap<string, SoldProduct>,
  now: Instant,
) {
  const { terms } = contract
  const { products: wanted } = change
  const kindOf = (ref: string) => sold.get(ref)?.kind
  const isOneTime = (ref: string) => kindOf(ref) === 'one_time'
  const dayOf = changeDays(contract, { effective, apply, wanted: wanted ?? [], kindOf })
  const zoneFrom = endOfRunningCycle(terms, boundary, now)
  return {
    after: amendTerms(terms, change, { dayOf, boundary, zoneFrom }, isOneTime),
    products: wanted
      ? productsAfter(terms, wanted, dayOf, isOneTime)
      : terms.products.map((product) => ({ product })),
    zoneFrom,
  }
}

/** True where nothing was agreed anew: null says no more than a field that is not there, nor does an order of products. */
const isSame = (before: ContractTerms, after: ContractTerms): boolean => said(before) === said(after)

function said({ products, discounts = [], ...terms }: ContractTerms): string {
  const settings = Object.entries(terms).filter(([, value]) => value !== null)
  return canonicalJson([Object.fromEntries(settings), discounts, products.map(canonicalJson).sort()])
}

function nextVersion(
  contract: Contract,
  terms: ContractTerms,
  asked: Instant | null,
  now: Instant,
): Contract {
  const { status, billsChangeAt } = contract
  const moments = [asked, billsChangeAt, billsChangeAfter({ terms }, now)]
  return {
    ...contract,
    terms,
    version: contract.version + 1,
    billsChangeAt: status === 'draft' ? null : earliest(...moments),
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
