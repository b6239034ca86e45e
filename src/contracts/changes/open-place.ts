import type { LocalDate } from '../../kernel/calendar.ts'
import { invalid, type Problem } from '../../kernel/problem.ts'
import type { Contract } from '../contract.ts'
import { boundaryDate, boundaryFrom, cyclePeriod } from '../periods/schedule.ts'
import { type ContractChange, changesSettings } from './amendment.ts'

/** Where an amendment begins: the first boundary that it can be seen at, and whether the running cycle sees it before. */
export type OpenPlace = { fromBoundary: number; isInRunningCycle: boolean }

type Billed = Pick<Contract, 'terms' | 'nextCycle'>

/**
 * Where a day lies among the cycles that are still to be invoiced. A day of the running cycle counts too, although its fees
 * in advance are billed. Undefined for a day that is invoiced, and for one before the contract.
 */
export function openPlace({ terms, nextCycle }: Billed, day: LocalDate): OpenPlace | undefined {
  const running = nextCycle > 0 ? cyclePeriod(terms, nextCycle) : undefined
  if (running && running.start <= day && day < running.end) {
    return { fromBoundary: nextCycle, isInRunningCycle: true }
  }
  const fromBoundary = boundaryFrom(terms, day)
  const isOpen = fromBoundary >= nextCycle && day >= terms.start_date
  return isOpen ? { fromBoundary, isInRunningCycle: false } : undefined
}

/** The problem with a change from a day on: `effective_date_not_open`, or undefined where the day is right. */
export function refusedDay(contract: Billed, change: ContractChange, day: LocalDate): Problem | undefined {
  const { terms, nextCycle } = contract
  const place = openPlace(contract, day)
  if (!place) return notOpen(`"${day}" lies in a cycle that is invoiced`, contract)
  const { fromBoundary, isInRunningCycle } = place
  const isNext = fromBoundary === nextCycle && (isInRunningCycle || boundaryDate(terms, fromBoundary) === day)
  return isNext || !changesSettings(change)
    ? undefined
    : notOpen('Other fields than "products" change with the next invoice', contract)
}

function notOpen(what: string, { terms, nextCycle }: Billed): Problem {
  const next = boundaryDate(terms, nextCycle)
  return invalid('effective_date_not_open', `${what}: ${next} is the next first day of a cycle.`, [
    { path: 'effective_date', message: `must be ${next}, or for products any day that is not invoiced` },
  ])
}
