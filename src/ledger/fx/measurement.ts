import { type Minor, sum } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { AccountRole } from '../account.ts'
import {
  converted,
  cumulated,
  type ForeignEntry,
  type FunctionalCurrency,
  type FunctionalLine,
  fxLine,
} from './functional-line.ts'
import { itemOf, PRESENTED } from './open-item.ts'
import type { AppliedRate } from './rate.ts'
import { mirrorOf } from './reversal.ts'

/** An open item in both currencies. */
export type Balance = { amount: Minor; functional: Minor }

export const NO_BALANCE: Balance = { amount: 0n, functional: 0n }

/** What an entry is measured with. */
export type Measure = FunctionalCurrency & {
  /** Units of the functional currency for one of the entry's, on the day of the event; undefined: not known yet. */
  rate: AppliedRate | undefined
  balanceOf: (item: string) => Balance
  /** The lines of the entry that this one takes back. */
  reversed?: readonly FunctionalLine[] | undefined
}

/**
 * The functional amounts of an entry's postings, in their order; they add up to zero.
 *
 * - What settles an open item takes its share of the amount that the item is carried at, cumulatively: the last part
 *   takes all that is left. So revenue of an advance has the rate of the advance (IFRIC 22.8, ASC 830-10-45-18), and
 *   goes back into the contract liability at that rate where it is taken back.
 * - Everything else is measured at the rate of the day, rounded cumulatively: a line is within one unit of its exact
 *   amount, and lines that balance before balance after.
 * - Revenue is worth what is given for it: it has the average rate of the other side of its entry. So has what shows a
 *   contract position on other accounts of the balance sheet.
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
  const parts = settledParts(entry, measure.balanceOf)
  if (!rate && parts.some(({ fresh }) => fresh !== 0n)) return undefined
  const fresh = cumulated(
    parts.map((part) => part.fresh),
    (amount) => (rate ? converted(amount, entry.currency, rate, measure) : 0n),
  )
  const lines = parts.map(({ line, carried }, place) => ({
    ...line,
    functionalAmount: carried + fresh[place]!,
  }))
  const valued = withFollowers(lines, followersOf(entry.postings))
  return [...valued, ...exchangeDifference(valued)]
}

type Part = { line: FunctionalLine; carried: Minor; fresh: Minor }

/** Of each posting, what it settles of its open item and at which amount; `fresh` is what is left to be measured. */
function settledParts(entry: ForeignEntry, balanceOf: Measure['balanceOf']): Part[] {
  const held = new Map<string, Balance>()
  const followers = followersOf(entry.postings)
  const isRevenue = followers.includes('revenue')
  return entry.postings.map((posting) => {
    const { account, amount, lineNo, customerRef = null, contractRef = null, invoiceId = null } = posting
    const item = itemOf(entry, posting)
    const of = { customerRef, contractRef, invoiceId }
    const line = { lineNo, account, item, amount, functionalAmount: 0n, ...of }
    if (followers.includes(account)) return { line, carried: 0n, fresh: 0n }
    if (item === null) return { line, carried: 0n, fresh: amount }
    const balance = held.get(item) ?? balanceOf(item)
    const isTakenBack = isRevenue && account === 'contract_position' && amount < 0n && balance.amount < 0n
    const settled = isTakenBack ? shareOf(balance, amount) : settle(balance, amount)
    // What is measured in this entry has no amount to be carried at yet: a later line of it is measured as well.
    held.set(item, {
      amount: balance.amount + settled.amount,
      functional: balance.functional + settled.functional,
    })
    return { line, carried: settled.functional, fresh: amount - settled.amount }
  })
}

/** What an amount takes from a balance of the other sign, in both currencies: its share, at most all. */
function settle(balance: Balance, amount: Minor): Balance {
  if (balance.amount === 0n || amount > 0n === balance.amount > 0n) return NO_BALANCE
  const isAll = magnitude(amount) >= magnitude(balance.amount)
  return isAll ? { amount: -balance.amount, functional: -balance.functional } : shareOf(balance, amount)
}

/** An amount at the rate that a balance is carried at. */
const shareOf = (balance: Balance, amount: Minor): Balance => ({
  amount,
  functional: roundToInteger(rational(balance.functional * amount, balance.amount)),
})

/** The accounts of an entry whose lines are worth what stands on its other side. */
function followersOf(lines: readonly AccountLine[]): readonly AccountRole[] {
  if (totalOf(lines, REVENUE) !== 0n) return REVENUE
  const isOfPosition = lines.some(({ account }) => account === 'contract_position')
  return isOfPosition && totalOf(lines, PRESENTED) !== 0n ? PRESENTED : []
}

const REVENUE: readonly AccountRole[] = ['revenue']

/** Gives these accounts the average rate of the lines on the other side. */
function withFollowers(
  lines: readonly FunctionalLine[],
  followers: readonly AccountRole[],
): FunctionalLine[] {
  const total = totalOf(lines, followers)
  if (total === 0n) return [...lines]
  const given = lines.filter(
    ({ account, amount }) => !followers.includes(account) && amount > 0n !== total > 0n,
  )
  const worth = sum(given.map(({ functionalAmount }) => functionalAmount))
  const amountGiven = sum(given.map(({ amount }) => amount))
  const shares = cumulated(
    lines.map(({ account, amount }) => (followers.includes(account) ? amount : 0n)),
    (amount) => roundToInteger(rational(worth * amount, amountGiven)),
  )
  return lines.map((line, place) => ({ ...line, functionalAmount: line.functionalAmount + shares[place]! }))
}

type AccountLine = { account: AccountRole; amount: Minor }

const totalOf = (lines: readonly AccountLine[], accounts: readonly AccountRole[]): Minor =>
  sum(lines.filter(({ account }) => accounts.includes(account)).map(({ amount }) => amount))

function exchangeDifference(lines: readonly FunctionalLine[]): FunctionalLine[] {
  const difference = sum(lines.map(({ functionalAmount }) => functionalAmount))
  const last = lines.at(-1)
  return difference === 0n || !last ? [] : [fxLine(last.lineNo + 1, -difference, last.customerRef)]
}

const magnitude = (amount: Minor): Minor => (amount < 0n ? -amount : amount)
