import { invalid } from '../../kernel/problem.ts'
import { isZero } from '../../kernel/rational.ts'
import type { Line } from '../recognition/line.ts'
import type { Amendment } from './amendment.ts'
import { type ContractState, isEnded, isSatisfiedBefore, lineOf, progressBefore } from './contract-state.ts'

/** What an amendment divides anew: the obligations that go on, and those that end with it. */
export type Scope = {
  open: readonly Line[]
  removed: readonly Line[]
  /** The contract that they are from then on, with what is added: the earliest of those touched. */
  contract: number
}

/**
 * The obligations of the contract that an amendment touches (of the main one where it touches none): those not yet
 * satisfied, those it changes, and those it ends. What was made a separate contract stays out, unless the amendment
 * changes it too: contracts that are changed in one negotiation are one from then on (ASC 606-10-25-9, IFRS 15.17), and
 * what is left of them is divided as a whole (606-10-25-13(a), IFRS 15.21(a)).
 */
export function scopeOf(state: ContractState, amendment: Amendment): Scope {
  const { date, changes, removes, reprices = [] } = amendment
  const removed = removes.map((key) => lineOf(state, key))
  const changed = changes.map(({ key }) => lineOf(state, key))
  const repriced = state.lines.filter((line) => reprices.includes(line.key) && !isSatisfiedBefore(line, date))
  const touched = [...removed, ...changed, ...repriced].map(({ contract }) => contract)
  const contracts = new Set(touched.length > 0 ? touched : [0])
  const open = state.lines.filter(
    (line) =>
      contracts.has(line.contract) &&
      !removes.includes(line.key) &&
      (changed.includes(line) || !isSatisfiedBefore(line, date)),
  )
  return { open, removed, contract: Math.min(...contracts) }
}

/** Partly satisfied, and the rest of it not distinct from what was delivered: its price belongs to all of it. */
export const catchesUp = (line: Line, { date }: Pick<Amendment, 'date'>): boolean =>
  !line.isSeries && !isZero(progressBefore(line, date)) && !isSatisfiedBefore(line, date)

/**
 * The amendment without what it takes away and gives back unchanged, which is no change at all. Throws
 * `obligation_exists` for an added key that is in the contract, and `obligation_repeated` for one named twice.
 */
export function withoutIdle(state: ContractState, amendment: Amendment): Amendment {
  const { adds, changes, removes } = amendment
  const kept = adds.filter(
    (added) => removes.includes(added.key) && isSame(lineOf(state, added.key).measure, added.measure),
  )
  const idle = new Set(kept.map(({ key }) => key))
  requireOnce([...adds.filter(({ key }) => !idle.has(key)), ...changes, ...removes.map((key) => ({ key }))])
  const exists = adds.find(
    ({ key }) => !idle.has(key) && state.lines.some((line) => line.key === key && !isEnded(line)),
  )
  if (exists) {
    throw invalid('obligation_exists', `"${exists.key}" is in the contract already; send it under "changes".`)
  }
  return {
    ...amendment,
    adds: adds.filter(({ key }) => !idle.has(key)),
    removes: removes.filter((key) => !idle.has(key)),
  }
}

function requireOnce(named: readonly { key: string }[]): void {
  const repeated = named.find(({ key }, place) => named.findIndex((other) => other.key === key) < place)
  if (!repeated) return
  throw invalid('obligation_repeated', `"${repeated.key}" is named twice in one modification.`)
}

const isSame = (a: unknown, b: unknown): boolean => plainText(a) === plainText(b)
const plainText = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
