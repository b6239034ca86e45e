import { addMonths, type LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { RevenuePolicy } from '../policy.ts'
import type { Due } from './billing.ts'

/** Money that lies further from the service than the expedient allows; who lends, from when, and how much. */
export type FinancingFlag = { lender: 'customer' | 'seller'; date: LocalDate; amount: Minor }

/**
 * Flags what may be a significant financing component (ASC 606-10-32-15 to 32-18, IFRS 15.60 to 63): the largest amount
 * that is paid, or performed, more than a year (by the policy's expedient) ahead of the other side. A flag is a question
 * to a person: whether it is significant, and whether there is another reason for the terms (32-17), is a judgement,
 * and no interest is computed.
 */
export function financingFlags(
  portions: readonly Movement[],
  payments: readonly Due[],
  { financingExpedientMonths: months }: RevenuePolicy,
): FinancingFlag[] {
  if (payments.length === 0) return []
  const inAdvance = largestLead(payments, portions, months)
  const inArrears = largestLead(portions, payments, months)
  return [
    ...(inAdvance ? [{ lender: 'customer' as const, ...inAdvance }] : []),
    ...(inArrears ? [{ lender: 'seller' as const, ...inArrears }] : []),
  ]
}

type Movement = { date: LocalDate; amount: Minor }

/** The largest amount by which one side's running total is ahead of the other's, so many months later. */
function largestLead(
  leading: readonly Movement[],
  following: readonly Movement[],
  months: number,
): Movement | undefined {
  const [first, second] = [inOrder(leading), inOrder(following)]
  let [ahead, behind, next] = [0n, 0n, 0]
  let largest: Movement | undefined
  for (const { date, amount } of first) {
    ahead += amount
    const limit = addMonths(date, months)
    while (second[next] && second[next]!.date <= limit) behind += second[next++]!.amount
    const lead = ahead - behind
    if (lead > (largest?.amount ?? 0n)) largest = { date, amount: lead }
  }
  return largest
}

const inOrder = (movements: readonly Movement[]): Movement[] =>
  movements.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
