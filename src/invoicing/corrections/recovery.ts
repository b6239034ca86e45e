import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { multiply, type Rational, rational, roundToInteger } from '../../kernel/rational.ts'
import { type Dimensions, debit, type Posting } from '../../ledger/journal-entry.ts'
import type { Allocation } from '../settlement.ts'
import type { LineReversal } from './line-reversal.ts'
import { lossOf, taxWithin } from './tax-relief.ts'
import { inLatestMonth } from './write-off.ts'

/** What is lost of an invoice: of `total`, which was written off with `totalTax` got back, `amount` is not recovered. */
export type Loss = { amount: Minor; total: Minor; totalTax: Minor }

/** What a write-off took of a line since it was no revenue, and what came back of that; both have the sign of the line. */
export type GivenUp = LineReversal & {
  back: Minor
  /** The first day on which the contract gives nothing any more. */
  endsOn: LocalDate | null
}

/** Money for what was written off, minor units: with the tax that is owed again, and what comes back of lines. */
export type Recovered = { amount: Minor; tax: Minor; reversals: LineReversal[] }

/** What allocations leave lost of an invoice; undefined where nothing is. */
export function lossLeft(allocations: readonly Allocation[], currency: string): Loss | undefined {
  const given = allocations.filter(({ kind }) => kind === 'write_off')
  const whole = given.find(({ reverses }) => reverses === null)
  const amount = sum(given.map((one) => one.amount))
  return whole && amount > 0n ? { ...lossOf(whole, currency), amount } : undefined
}

/**
 * Money that comes for a loss after all undoes the write-off in its proportion, as a payment pays for all that is on its
 * invoice alike: of the tax that was got back so much is owed again, of what left the contract's position so much returns
 * to it, and the rest was a loss. An invoice that is half paid and then written off, and one that is written off and then
 * half paid, so come to the same.
 *
 * What returns to the position is no revenue by itself: service to come earns it by its days, what was given without a
 * contract waits for one (ASC 606-10-25-7 and 25-8, IFRS 15.15 and 15.16). Days after the end of the contract are given
 * by nobody, so what comes for them makes up for the loss.
 *
 * @example 119.00 lost, of which 19.00 tax that was got back and 60.00 that were no revenue; 59.50 come: 9.50 tax, 30.00
 *   to the position, and 20.00 less loss
 */
export function recover(
  loss: Loss,
  givenUp: readonly GivenUp[],
  amount: Minor,
  source: Pick<LineReversal, 'sourceId' | 'bookedFrom'>,
): Recovered {
  const reversals = givenUp.map((row) => comingBack(row, rational(amount, loss.amount), source))
  return {
    amount,
    tax: taxRecovered(loss, amount),
    reversals: reversals.filter((reversal) => reversal.amount !== 0n),
  }
}

/** What is left of it is taken each time, so that with all of the loss all of it has come back. */
function comingBack(
  row: GivenUp,
  share: Rational,
  { sourceId, bookedFrom }: Pick<LineReversal, 'sourceId' | 'bookedFrom'>,
): LineReversal {
  const { back, endsOn, ...reversal } = row
  const { amount: given, serviceEnd } = whileGiven(row)
  const left = given < 0n === given < back ? given - back : 0n
  const amount = -roundToInteger(multiply(rational(left), share))
  return {
    ...reversal,
    serviceEnd,
    id: derivedId('rev', 'recovery', sourceId, reversal.position),
    cause: 'recovery',
    sourceId,
    bookedFrom,
    amount,
    usageByMonth: inLatestMonth({ ...row, amount }),
  }
}

/** The part of it for days on which the contract gives something. Usage was given. */
function whileGiven({ amount, serviceStart, serviceEnd, usageByMonth, endsOn }: GivenUp) {
  const isByDays = serviceStart < serviceEnd && Object.keys(usageByMonth).length === 0
  if (!isByDays || endsOn === null || endsOn >= serviceEnd) return { amount, serviceEnd }
  if (endsOn <= serviceStart) return { amount: 0n, serviceEnd }
  const [days, all] = [endsOn, serviceEnd].map((end) => BigInt(daysBetween(serviceStart, end)))
  return { amount: roundToInteger(rational(amount * days!, all!)), serviceEnd: endsOn }
}

/** The tax on what is lost before, less that on what is lost after: recovered in parts, it is what was given back. */
export const taxRecovered = (loss: Loss, amount: Minor): Minor =>
  taxWithin(loss, loss.amount) - taxWithin(loss, loss.amount - amount)

/** What of a recovery returns to the contract's position; to revenue, where the invoice was taken over and was that. */
export const recoveredPostings = (
  reversals: readonly LineReversal[],
  dimensions: Dimensions,
  isImported: boolean,
): Posting[] =>
  reversals.map(({ amount, productRef }) =>
    debit(isImported ? 'revenue' : 'contract_position', amount, { ...dimensions, productRef }),
  )

/** What had come back of lines is given up again, since the bank took the money back. */
export const givenUpAgain = (
  reversals: readonly LineReversal[],
  { sourceId, bookedFrom }: Pick<LineReversal, 'sourceId' | 'bookedFrom'>,
): LineReversal[] =>
  reversals.map((reversal) => {
    const amount = -reversal.amount
    const id = derivedId('rev', 'recovery', sourceId, reversal.position)
    return {
      ...reversal,
      id,
      sourceId,
      bookedFrom,
      amount,
      usageByMonth: inLatestMonth({ ...reversal, amount }),
    }
  })
