import type { Instant } from '../kernel/calendar.ts'
import { notFound } from '../kernel/problem.ts'
import { logError } from '../log.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import type { AccountingContract } from './accounting/accounting-contract.ts'
import { financingOf } from './accounting/financing.ts'
import { contractOf, type Group } from './accounting/group.ts'
import { type GroupPlan, planGroup } from './accounting/plan-group.ts'
import type { FinancingFlag } from './deal/financing.ts'
import { factsAbout } from './facts.store.ts'
import { readGroups } from './groups.store.ts'
import { giveUp, postedOf, writePlans } from './plans.store.ts'
import { type Framework, frameworksOf } from './policy.ts'
import {
  findRevenueContract,
  groupsToPlan,
  productPositions,
  type RevenueContract,
} from './revenue-contracts.store.ts'

/** Groups read for one commit, and the schedule entries that it writes. */
const PAGE_GROUPS = 100
const PAGE_ENTRIES = 4_000

/** The statements that plan what changed; none where nothing did. */
export async function planPage(db: Db, now: Instant): Promise<Statement[]> {
  const groupRefs = await groupsToPlan(db, PAGE_GROUPS)
  if (groupRefs.length === 0) return []
  const groups = await readGroups(db, groupRefs)
  const refs = groups.flatMap(({ members }) => members.map(({ row }) => row.ref))
  const posted = await postedOf(db, refs)
  const unreadable = groupRefs.filter((ref) => !groups.some((group) => group.ref === ref))
  return [...writePlans(db, planGroups(groups, posted, now), posted), ...giveUp(db, unreadable)]
}

/** Plans of groups in their order, as far as one commit goes, and of one at least: the others wait for another commit. */
function planGroups(
  groups: readonly Group<RevenueContract>[],
  posted: Awaited<ReturnType<typeof postedOf>>,
  now: Instant,
): GroupPlan<RevenueContract>[] {
  const byContract = Map.groupBy(posted, ({ contractRef }) => contractRef)
  const plans: GroupPlan<RevenueContract>[] = []
  let entries = 0
  for (const group of groups) {
    const own = group.members.flatMap(({ row }) => byContract.get(row.ref) ?? [])
    const plan = planGroup(group, own, now)
    entries += plan.planned?.entries.length ?? 0
    if (plans.length > 0 && entries > PAGE_ENTRIES) break
    logProblem(plan)
    plans.push(plan)
  }
  return plans
}

function logProblem({ members }: GroupPlan<RevenueContract>): void {
  const found = members.find(({ problem }) => problem !== null)
  if (found) logError(new Error(found.problem ?? ''), { job: 'revenue plan', contractRef: found.row.ref })
}

/** What a contract is judged by, under the framework of the primary book. */
export type Account = { contract: AccountingContract; framework: Framework; financing: FinancingFlag[] }

/** Undefined of a contract that is not in force. */
export async function accountOf(db: Db, ref: string): Promise<Account | undefined> {
  const found = await findRevenueContract(db, ref)
  const [group] = found ? await readGroups(db, [found.groupRef]) : []
  if (!group) return undefined
  const contract = contractOf(group)
  const framework = frameworksOf(group.entity.framework).primary
  return { contract, framework, financing: financingOf(contract, framework) }
}

/** A contract with all that its account shows. Throws `contract_in_force_not_found`. */
export async function readContract(db: Db, ref: string) {
  const contract = await findRevenueContract(db, ref)
  if (!contract) throw notFound('contract in force', ref)
  const [group] = await readGroups(db, [contract.groupRef])
  if (!group) throw notFound('contract in force', ref)
  const refs = group.members.map(({ row }) => row.ref)
  const [facts, posted, positions] = await Promise.all([
    factsAbout(db, refs),
    postedOf(db, refs),
    productPositions(db, refs),
  ])
  return { group, facts, posted, positions }
}
