import type { Sent } from './generator.ts'
import type { Contender } from './loads.ts'

/** What came of the rounds of one contender. */
export type Outcome = {
  rounds: (Omit<Sent, 'totals'> & { cpu: number | undefined })[]
  /**
   * CPU seconds of its servers over all rounds. A server does part of its work later, when another has its turn; that
   * counts as well.
   */
  cpu: number | undefined
  /** Rows that the product's objects wrote for an event, where it tells. */
  rowsPerEvent: number | undefined
}

export type Result = Outcome & { contender: Contender }

type Maybe = Outcome | undefined

const eventsOf = ({ rounds }: Outcome): number => rounds.reduce((sum, { events }) => sum + events, 0)
const rateOf = ({ events, seconds }: Sent | Outcome['rounds'][number]): number => events / seconds

/** Events a second: the median of the rounds. */
export const eventRate = (outcome: Outcome): number => median(outcome.rounds.map(rateOf))

/** CPU seconds for a million events. */
export const cpuPerMillion = (outcome: Outcome): number | undefined =>
  outcome.cpu === undefined ? undefined : (outcome.cpu / eventsOf(outcome)) * 1_000_000

export const p50 = (outcome: Maybe): number | undefined => outcome && median(outcome.rounds.map((r) => r.p50))
export const p99 = (outcome: Maybe): number | undefined => outcome && median(outcome.rounds.map((r) => r.p99))

/**
 * How many times faster one was than another: the median of what each pair of rounds says. The two of a pair ran one
 * after the other, so that a machine that is slow for a while is slow for both.
 */
export function rateRatio(one: Maybe, other: Maybe): number | undefined {
  if (!one || !other) return undefined
  return median(one.rounds.map((round, place) => rateOf(round) / rateOf(other.rounds[place]!)))
}

/** CPU time of an event of one by that of another. */
export function cpuRatio(one: Maybe, other: Maybe): number | undefined {
  const [mine, theirs] = [one && cpuPerMillion(one), other && cpuPerMillion(other)]
  return mine === undefined || theirs === undefined ? undefined : mine / theirs
}

/** The last round's events a second, or a CPU second, by those of the first. */
export function roundRatio(outcome: Maybe, by: 'rate' | 'cpu'): number | undefined {
  const [first, last] = [outcome?.rounds.at(0), outcome?.rounds.at(-1)]
  if (!first || !last) return undefined
  if (by === 'rate') return rateOf(last) / rateOf(first)
  if (first.cpu === undefined || last.cpu === undefined) return undefined
  return last.events / last.cpu / (first.events / first.cpu)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
