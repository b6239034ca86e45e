import { monthOf } from '../../kernel/calendar.ts'
import { currencyDigits } from '../../kernel/currency.ts'
import { formatMoney, type Minor, sum } from '../../kernel/money.ts'
import { formatDecimal, rational } from '../../kernel/rational.ts'
import { type MonthEnd, monthEnds } from '../deal/balances.ts'
import { duesOf, paymentsOf } from '../deal/billing.ts'
import type { DealVersion } from '../deal/changes.ts'
import { type DealPlan, planDeal } from '../deal/deal.ts'
import type { DealEntry } from '../deal/deal-entry.ts'
import { keptDues, underContract } from '../deal/deposits.ts'
import { type FinancingFlag, financingFlags } from '../deal/financing.ts'
import { journalOf } from '../deal/journal.ts'
import type { Framework } from '../policy.ts'
import { paragraphOf, type Reason } from '../reason.ts'
import type { Portion } from '../recognition/line.ts'
import type { EstimatedVariable } from '../transaction-price/variable-consideration.ts'
import type { DealAnswer } from './answer.http.ts'
import type { DealQuestion } from './read-deal.http.ts'

export type Money = (amount: Minor) => string

/** Runs the five steps and writes the plan in major units. */
export function answerDeal(question: DealQuestion, currency: string): DealAnswer {
  const { deal, policy, billings, unconditional } = question
  const plan = planDeal(deal, policy)
  const money: Money = (amount) => formatMoney(amount, currency)
  const dues = [...duesOf(underContract(billings, plan.unmet)), ...keptDues(plan.kept)]
  const payments = plan.isContract ? paymentsOf(billings) : []
  return {
    framework: policy.framework,
    currency,
    is_contract: plan.isContract,
    transaction_price: showPrice(plan, currency, money),
    allocation: showAmounts(plan.allocation, money),
    schedule: scheduleOf(plan.portions).map((cell) => ({ ...cell, amount: money(cell.amount) })),
    modifications: plan.versions.map((version) => showVersion(version, policy.framework, money)),
    adjustments: plan.portions
      .filter(({ cause }) => cause === 'catch_up')
      .map(({ date, key, amount }) => ({ date, key, amount: money(amount) })),
    journal: journalOf(plan, billings).map((entry) => showEntry(entry, money)),
    positions: monthEnds(plan.portions, dues, unconditional).map((end) => showMonthEnd(end, money)),
    financing: showFinancing(financingFlags(plan.portions, payments, policy), policy.framework, money),
    explanations: plan.reasons.map((said) => showReason(said, policy.framework)),
  }
}

export function showPrice(
  { price }: DealPlan,
  currency: string,
  money: Money,
): DealAnswer['transaction_price'] {
  return {
    fixed: money(price.fixed),
    variable: price.variable.map((one) => showVariable(one, currency, money)),
    payable_to_customer: money(price.payableToCustomer),
    tax_excluded: money(price.taxExcluded),
    total: money(price.total),
  }
}

/** An estimate before the constraint, exactly, and what it comes to. */
export function showVariable(
  { key, estimate, included }: Pick<EstimatedVariable, 'key' | 'estimate' | 'included'>,
  currency: string,
  money: Money,
): DealAnswer['transaction_price']['variable'][number] {
  const scale = 10n ** BigInt(currencyDigits(currency))
  return {
    key,
    estimate: formatDecimal(rational(estimate.num, estimate.den * scale)),
    included: money(included),
  }
}

export const showAmounts = (amounts: ReadonlyMap<string, Minor>, money: Money): Record<string, string> =>
  Object.fromEntries([...amounts].map(([key, amount]) => [key, money(amount)]))

/** Revenue by month and obligation. */
export function scheduleOf(portions: readonly Portion[]): { period: string; key: string; amount: Minor }[] {
  const cells = Map.groupBy(portions, ({ date, key }) => `${monthOf(date)} ${key}`)
  return [...cells.values()].map((cell) => ({
    period: monthOf(cell[0]!.date),
    key: cell[0]!.key,
    amount: sum(cell.map(({ amount }) => amount)),
  }))
}

export const showVersion = (version: DealVersion, framework: Framework, money: Money) => ({
  effective_date: version.date,
  treatment: version.treatment,
  by_rule: version.byRule,
  transaction_price: money(version.price),
  allocation: showAmounts(version.allocation, money),
  explanations: version.reasons.map((said) => showReason(said, framework)),
})

export const showFinancing = (flags: readonly FinancingFlag[], framework: Framework, money: Money) =>
  flags.map((flag) => ({
    ...flag,
    amount: money(flag.amount),
    paragraph: paragraphOf('financing', framework),
  }))

export const showReason = ({ rule, text }: Reason, framework: Framework) => ({
  text,
  paragraph: paragraphOf(rule, framework),
})

const showEntry = ({ date, event, description, postings }: DealEntry, money: Money) => ({
  posting_date: date,
  event,
  description,
  postings: postings.map(({ account, key, amount }) => ({
    account,
    key: key ?? null,
    debit: money(amount > 0n ? amount : 0n),
    credit: money(amount < 0n ? -amount : 0n),
  })),
})

const showMonthEnd = (end: MonthEnd, money: Money) => ({
  period: end.month,
  billed: money(end.billed),
  recognised: money(end.recognised),
  net_position: money(end.net),
  contract_liability: money(end.contractLiability),
  contract_asset: money(end.contractAsset),
  unbilled_receivable: money(end.unbilledReceivable),
})
