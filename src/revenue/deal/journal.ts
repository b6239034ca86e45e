import { sum } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import type { Portion } from '../recognition/line.ts'
import type { Billing } from './billing.ts'
import type { DealPlan } from './deal.ts'
import type { DealEntry, DealPosting } from './deal-entry.ts'
import { depositEntries, keptEntries, underContract } from './deposits.ts'

/**
 * The journal of a deal, by date; each entry balances. Invoices credit, and revenue debits, one position account for
 * the contract, so it does not matter which of them comes first: its sign says whether the contract is a liability or
 * an asset. On days without a contract money received is a deposit and nothing else is booked (ASC 606-10-25-8,
 * IFRS 15.16).
 */
export function journalOf(
  { portions, unmet, kept }: Pick<DealPlan, 'portions' | 'unmet' | 'kept'>,
  billings: readonly Billing[],
): DealEntry[] {
  const billed = billings.flatMap(
    (billing) => depositEntries(billing, unmet) ?? underContract([billing], unmet).flatMap(billingEntries),
  )
  return [...billed, ...keptEntries(kept), ...revenueEntries(portions)]
    .map(balanced)
    .filter(({ postings }) => postings.length > 0)
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

function billingEntries({ date, amount, key, paidOn, isCancellable }: Billing): DealEntry[] {
  const position = {
    account: 'contract_position',
    amount: -amount,
    ...(key === undefined ? {} : { key }),
  } as const
  const owed: DealEntry = {
    date,
    event: 'invoice_issued',
    description: `Invoice of ${date}`,
    postings: [{ account: 'accounts_receivable', amount }, position],
  }
  if (paidOn === undefined) return isCancellable ? [] : [owed]
  const against = isCancellable ? position : ({ account: 'accounts_receivable', amount: -amount } as const)
  const paid: DealEntry = {
    date: paidOn,
    event: 'payment_received',
    description: `Payment of the invoice of ${date}`,
    postings: [{ account: 'bank_clearing', amount }, against],
  }
  return isCancellable ? [paid] : [owed, paid]
}

/** One entry for each date and cause, with both sides for every obligation. */
function revenueEntries(portions: readonly Portion[]): DealEntry[] {
  const groups = Map.groupBy(portions, ({ date, cause }) => `${date} ${cause}`)
  return [...groups.values()].map((group) => {
    const [{ date, cause }] = group as [Portion, ...Portion[]]
    return {
      date,
      event: cause === 'performance' ? 'revenue_recognised' : 'revenue_adjusted',
      description: cause === 'performance' ? `Revenue up to ${date}` : `Catch-up of revenue on ${date}`,
      postings: group.flatMap(({ key, amount }): DealPosting[] => [
        { account: 'contract_position', amount, key },
        { account: 'revenue', amount: -amount, key },
      ]),
    }
  })
}

function balanced(entry: DealEntry): DealEntry {
  const postings = entry.postings.filter(({ amount }) => amount !== 0n)
  assert(sum(postings.map(({ amount }) => amount)) === 0n, `${entry.description} is out of balance`)
  return { ...entry, postings }
}
