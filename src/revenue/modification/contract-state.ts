import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import { compare, isZero, ONE, type Rational } from '../../kernel/rational.ts'
import type { Weight } from '../allocation/weigh.ts'
import { allocatedTo, currentSegment, type Line } from '../recognition/line.ts'
import type { Treatment } from './amendment.ts'

/**
 * One division of the price among the obligations of a contract: at inception, and again at each modification that
 * divides what was left. Changes of a price that was promised earlier walk through these to the obligations of today.
 */
export type Stage = {
  contract: number
  treatment: 'inception' | Exclude<Treatment, 'separate_contract'>
  weights: readonly Weight[]
  /** For obligations whose share was divided anew: the part of it that was behind, from 0 to 1. */
  behind: ReadonlyMap<string, Rational>
}

/** A contract between two changes; obligations that became contracts of their own are among its lines. */
export type ContractState = { lines: readonly Line[]; stages: readonly Stage[] }

/** The price after all changes so far: always exactly what is allocated. */
export const priceOf = ({ lines }: ContractState): Minor => sum(lines.map(allocatedTo))

/** The obligation with a key. Throws `obligation_unknown`. */
export function lineOf({ lines }: ContractState, key: string): Line {
  const line = lines.find((own) => own.key === key)
  if (line) return line
  throw invalid('obligation_unknown', `There is no obligation "${key}" in the contract at that time.`)
}

/** The state with lines put in the place of those with their key, or behind all others. */
export function withLines(state: ContractState, changed: readonly Line[]): ContractState {
  const byKey = new Map(changed.map((line) => [line.key, line]))
  const kept = state.lines.map((line) => byKey.get(line.key) ?? line)
  const known = new Set(state.lines.map(({ key }) => key))
  return { ...state, lines: [...kept, ...changed.filter(({ key }) => !known.has(key))] }
}

/** Progress when a day begins. */
export const progressBefore = (line: Line, date: LocalDate): Rational =>
  currentSegment(line).progress.through(addDays(date, -1))

export const isSatisfiedBefore = (line: Line, date: LocalDate): boolean =>
  compare(progressBefore(line, date), ONE) >= 0

/** Ended by an amendment; its key may come back. */
export const isEnded = (line: Line): boolean => isZero(currentSegment(line).progress.extent)
