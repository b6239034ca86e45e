import { invalid } from '../../kernel/problem.ts'
import { ONE, ZERO } from '../../kernel/rational.ts'
import { allocatePrice } from '../allocation/allocate-price.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Line, openingOn, type Segment } from '../recognition/line.ts'
import { progressOf } from '../recognition/progress.ts'
import type { Amendment } from './amendment.ts'
import { type ContractState, withLines } from './contract-state.ts'

/**
 * The added promises as a contract of their own, with the added price (ASC 606-10-25-12, IFRS 15.20). Throws
 * `treatment_impossible` for an amendment that does not only add.
 */
export function withSeparateContract(
  state: ContractState,
  { adds, changes, removes, priceChange, date }: Amendment,
  policy: RevenuePolicy,
): ContractState {
  if (adds.length === 0 || changes.length + removes.length > 0) {
    throw invalid(
      'treatment_impossible',
      'A separate contract can only add obligations; what changes or ends others needs another treatment.',
    )
  }
  const { shares, ssps } = allocatePrice({ price: priceChange, obligations: adds }, policy)
  const contract = Math.max(0, ...state.lines.map((line) => line.contract)) + 1
  const lines = adds.map(({ key, measure, isSeries }, place): Line => {
    const ended = state.lines.find((line) => line.key === key)
    const earned = ended ? openingOn(ended, date) : 0n
    const segment: Segment = {
      from: date,
      earned,
      pool: shares.get(key)!,
      progress: progressOf(measure),
      done: ZERO,
    }
    const segments: Line['segments'] = ended ? [...ended.segments, segment] : [segment]
    const promise = { key, ssp: ssps[place]!, net: ONE, measure, isSeries, contract }
    return { ...promise, rounding: policy.rounding, segments }
  })
  return withLines(state, lines)
}
