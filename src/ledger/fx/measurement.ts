import { type Minor, sum } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { AccountRole } from '../account.ts'
import { earnedLine, type Valued } from './earned.ts'
import {
  converted,
  cumulated,
  dayOf,
  exchangeDifference,
  type ForeignEntry,
  type FunctionalCurrency,
  type FunctionalLine,
} from './functional-line.ts'
import { type Holding, moved, settle } from './holding.ts'
import { itemOf, PRESENTED } from './open-item.ts'
import { type PositionGroups, poolOf } from './position-group.ts'
import type { AppliedRate } from './rate.ts'
import { mirrorOf } from './reversal.ts'

/** What an entry is measured with. */
export type Measure = FunctionalCurrency & {
  /** Units of the functional currency for one of the entry's, on the day of the event; undefined: not known yet. */
  rate: AppliedRate | undefined
  /** What is held of an item; of contracts that are accounted for as one, all together (`poolOf`). */
  holdingOf: (pool: string) => Holding
  groups: PositionGroups
  /** The lines of the entry that this one takes back. */
  reversed?: readonly FunctionalLine[] | undefined
}

/**
 * The functional amounts of an entry's postings, in their order; they add up to zero.
 *
 * - What settles an open item takes its share of the amount that the item is carried at, cumulatively: the last part
 *   takes all that is left.
 * - Everything else is measured at the rate of the day, rounded cumulatively: a line is within one unit of its exact
 *   amount, and lines that balance before balance after.
 * - Revenue is worth what is given for it: it has the average rate of the other side of its entry; against a contract
 *   position the rate of the advance that it earns, or of its day (`earnedLine`). What shows a contract position on
 *   other accounts of the balance sheet has the rate of the position.
 * - What is left then is an exchange difference: one more line on `fx_gain_loss`, without a transaction amount.
 * - An exact reversal has the functional amounts of what it takes back, with the sides changed.
 *
 * Undefined where a rate is needed that is not known.
 *
 * @example a receivable of 1,000.00 EUR is carried at 1,100.00 USD and paid at 1.15:
 * unapplied cash 1,150.00, receivable -1,100.00, exchange gain -50.00
 */
export function measureEntry(entry: ForeignEntry, measure: Measure): FunctionalLine[] | undefined {
  const { rate, reversed } = measure
  const mirror = reversed && mirrorOf(entry, reversed)
  if (mirror) return mirror
  const parts = settledParts(entry, measure)
  if (!rate && parts.some(({ own, worth }) => own.fresh !== 0n || worth.fresh !== 0n)) return undefined
  const valuesOf = (valued: readonly Valued[]): Minor[] => {
    const fresh = cumulated(
      valued.map((part) => part.fresh),
      (amount) => (rate ? converted(amount, entry.currency, rate, measure) : 0n),
    )
    return valued.map(({ carried }, place) => carried + fresh[place]!)
  }
  const amounts = valuesOf(parts.map(({ own }) => own))
  const worth = valuesOf(parts.map((part) => part.worth))
  const lines = parts.map(({ line }, place) => ({ ...line, functionalAmount: amounts[place]! }))
  const valued = withFollowers(lines, worth, followersOf(entry.postings))
  return [...valued, ...exchangeDifference(valued)]
}

/** A line with its own value, and with what it is worth to the accounts that follow it. */
type Part = { line: FunctionalLine; own: Valued; worth: Valued }

const NO_VALUE: Valued = { carried: 0n, fresh: 0n }

/** Of each posting, what it settles of its open item and at which amount; `fresh` is what is left to be measured. */
function settledParts(entry: ForeignEntry, { holdingOf, groups }: Measure): Part[] {
  const held = new Map<string, Holding>()
  const followers = followersOf(entry.postings)
  const isOfRevenue = followers === REVENUE
  return entry.postings.map((posting): Part => {
    const { account, amount, lineNo, customerRef = null, contractRef = null, invoiceId = null } = posting
    const item = itemOf(entry, posting)
    const pool = item === null ? null : poolOf(item, groups)
    // What is shown elsewhere for a moment says nothing of what was earned or billed by a day.
    const day = item === null || followers === PRESENTED ? null : dayOf(entry)
    const of = { customerRef, contractRef, invoiceId }
    const line = { lineNo, account, item, day, amount, functionalAmount: 0n, ...of }
    if (followers.includes(account)) return { line, own: NO_VALUE, worth: NO_VALUE }
    const holding = pool === null ? undefined : (held.get(pool) ?? holdingOf(pool))
    const isEarned = isOfRevenue && account === 'contract_position'
    const part = !holding
      ? allAtOnce({ carried: 0n, fresh: amount })
      : isEarned
        ? earnedLine(holding, amount, dayOf(entry))
        : allAtOnce(settledBy(holding, amount))
    // What is measured in this entry has no amount to be carried at yet: a later line of it is measured as well.
    const known = { amount: amount - part.own.fresh, functional: part.own.carried }
    if (pool !== null && holding) held.set(pool, moved(holding, known, day))
    return { line, ...part }
  })
}

/** Most lines are worth to others what they have themselves. */
const allAtOnce = (own: Valued): Omit<Part, 'line'> => ({ own, worth: own })

function settledBy(holding: Holding, amount: Minor): Valued {
  const settled = settle(holding, amount)
  return { carried: settled.functional, fresh: amount - settled.amount }
}

/** The accounts of an entry whose lines are worth what stands on its other side. */
function followersOf(lines: readonly AccountLine[]): readonly AccountRole[] {
  if (totalOf(lines, REVENUE) !== 0n) return REVENUE
  const isOfPosition = lines.some(({ account }) => account === 'contract_position')
  return isOfPosition && totalOf(lines, PRESENTED) !== 0n ? PRESENTED : []
}

const REVENUE: readonly AccountRole[] = ['revenue']

/** Gives these accounts the average rate of the lines on the other side, by what those are worth. */
function withFollowers(
  lines: readonly FunctionalLine[],
  worth: readonly Minor[],
  followers: readonly AccountRole[],
): FunctionalLine[] {
  const total = totalOf(lines, followers)
  if (total === 0n) return [...lines]
  const isGiven = ({ account, amount }: FunctionalLine) =>
    !followers.includes(account) && amount > 0n !== total > 0n
  const worthGiven = sum(lines.map((line, place) => (isGiven(line) ? worth[place]! : 0n)))
  const amountGiven = sum(lines.filter(isGiven).map(({ amount }) => amount))
  const shares = cumulated(
    lines.map(({ account, amount }) => (followers.includes(account) ? amount : 0n)),
    (amount) => roundToInteger(rational(worthGiven * amount, amountGiven)),
  )
  return lines.map((line, place) => ({ ...line, functionalAmount: line.functionalAmount + shares[place]! }))
}

type AccountLine = { account: AccountRole; amount: Minor }

const totalOf = (lines: readonly AccountLine[], accounts: readonly AccountRole[]): Minor =>
  sum(lines.filter(({ account }) => accounts.includes(account)).map(({ amount }) => amount))
