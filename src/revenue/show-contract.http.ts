import type { z } from '@hono/zod-openapi'
import { formatMoney, sum } from '../kernel/money.ts'
import { Problem } from '../kernel/problem.ts'
import { type ProductPosition, positionOf } from './accounting/contract-view.ts'
import { judgementsIn } from './accounting/criteria.ts'
import { financingOf } from './accounting/financing.ts'
import { contractOf, decided, type Group } from './accounting/group.ts'
import { type ContractPlan, planContract } from './accounting/plan.ts'
import { differenceOf, obligationId, type Posted } from './accounting/schedule-of.ts'
import { bookFor } from './accounting/ssp-book.ts'
import type { ContractAnswer, contractSummarySchema } from './accounting.http.ts'
import { showFact } from './facts.http.ts'
import type { RevenueFact } from './facts.store.ts'
import { type Framework, frameworksOf, policyOf } from './policy.ts'
import {
  type Money,
  scheduleOf,
  showAmounts,
  showFinancing,
  showPrice,
  showReason,
  showVersion,
} from './preview/answer-deal.http.ts'
import { type Reason, reason } from './reason.ts'
import type { RevenueContract } from './revenue-contracts.store.ts'
import { showUsage } from './show-usage.http.ts'
import { testContract } from './transaction-price/contract-criteria.ts'

export const showSummary = (
  row: RevenueContract,
  group: readonly string[],
): z.infer<typeof contractSummarySchema> => ({
  contract_ref: row.ref,
  entity_ref: row.entityRef,
  customer_ref: row.customerRef,
  currency: row.currency,
  accounted_with: [...group],
  basis: row.basis,
  basis_reason: row.basisReason,
  covers: row.covers,
  problem: row.problem,
})

type Known = {
  group: Group<RevenueContract>
  facts: readonly RevenueFact[]
  posted: readonly Posted[]
  positions: readonly ProductPosition[]
}

/** The contract as it is accounted for; its plan is made anew from its facts. */
export function showContract(ref: string, known: Known, asked: Framework | undefined): ContractAnswer {
  const { group, facts, positions } = known
  const { row, versions } = group.members.find((member) => member.row.ref === ref)!
  const { primary } = frameworksOf(group.entity.framework)
  const chosen = asked ?? primary
  const now = decided({ row, versions }, group)
  const money: Money = (amount) => formatMoney(amount, row.currency)
  const [signed] = versions
  const book = bookFor(group.books, { date: signed.effectiveDate, knownAt: signed.createdAt })
  const { net, ...presented } = positionOf(positions)
  return {
    ...showSummary(
      { ...row, ...now },
      group.members.map((member) => member.row.ref),
    ),
    framework: chosen,
    ssp_version: now.basis === 'ssp' ? (book?.version ?? null) : null,
    criteria: showCriteria(group, chosen),
    position: {
      net_position: money(net),
      contract_liability: money(presented.contractLiability),
      contract_asset: money(presented.contractAsset),
      unbilled_receivable: money(presented.unbilledReceivable),
    },
    financing: showFinancing(financingOf(contractOf(group), chosen), chosen, money),
    usage: showUsage(contractOf(group), chosen),
    ...(now.basis === 'lines' ? NO_PLAN : plannedOrNot(known, chosen, primary, money)),
    facts: facts.filter((fact) => isOfPlan(fact, group)).map(showFact),
  }
}

function showCriteria({ facts }: Group, framework: Framework): ContractAnswer['criteria'] {
  const { isContract, unmet, reasons } = testContract(judgementsIn(facts), policyOf(framework))
  return {
    is_contract: isContract,
    unmet: unmet.map(({ from, until = null }) => ({ from, until })),
    explanations: reasons.map((said) => showReason(said, framework)),
  }
}

const NO_PLAN = { plan: null, differences: [] }

/** A document about what follows its invoice lines says nothing of the plan. */
function isOfPlan({ body, contractRef }: RevenueFact, group: Group<RevenueContract>): boolean {
  if (body.kind !== 'credit' || body.document === undefined) return true
  const member = group.members.find(({ row }) => row.ref === contractRef)
  return member !== undefined && decided(member, group).covers.includes(body.product_ref)
}

/** What allows no plan is shown without one; the run has told why in `problem`. */
function plannedOrNot(...known: Parameters<typeof planned>) {
  try {
    return planned(...known)
  } catch (error) {
    if (error instanceof Problem) return NO_PLAN
    throw error
  }
}

function planned({ group, posted }: Known, chosen: Framework, primary: Framework, money: Money) {
  const contract = contractOf(group)
  const plan = planContract(contract, chosen)
  const books =
    chosen === primary ? [] : differenceOf(planContract(contract, primary).obligations, plan.obligations)
  return {
    plan: {
      is_contract: plan.plan.isContract,
      transaction_price: showPrice(plan.plan, contract.currency, money),
      allocation: showAmounts(plan.plan.allocation, money),
      obligations: obligationsOf(plan, posted, money),
      modifications: plan.plan.versions.map((version) => ({
        ...showVersion(version, chosen, money),
        contract_ref: plan.source.changeOrigins[version.place]!.contractRef,
        version: plan.source.changeOrigins[version.place]!.version ?? null,
      })),
      schedule: cells(plan.plan.portions, money),
      explanations: [...combinationSaid(group), ...plan.plan.reasons].map((said) => showReason(said, chosen)),
    },
    differences: cells(
      books.flatMap(({ portions }) => portions),
      money,
    ).filter(({ amount }) => /[1-9]/.test(amount)),
  }
}

function combinationSaid({ members }: Group<RevenueContract>): Reason[] {
  if (members.length < 2) return []
  const refs = members.map(({ row }) => `"${row.ref}"`).join(', ')
  return [reason('combination', `${refs} are accounted for as one: they were negotiated together.`)]
}

const cells = (portions: ContractPlan['plan']['portions'], money: Money) =>
  scheduleOf(portions).map((cell) => ({ ...cell, amount: money(cell.amount) }))

const obligationsOf = ({ obligations }: ContractPlan, posted: readonly Posted[], money: Money) =>
  obligations.map((own) => {
    const id = obligationId('primary', own)
    const recognised = sum(posted.filter(({ lineId }) => lineId === id).map(({ amount }) => amount))
    return {
      key: own.key,
      contract_ref: own.contractRef,
      product_ref: own.productRef,
      method: own.method,
      agreed_on: own.bookedOn,
      allocated: money(own.allocated),
      recognised: money(recognised),
      remaining: money(own.allocated - recognised),
    }
  })
