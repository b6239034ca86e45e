import type { Instant } from '../kernel/calendar.ts'
import { notFound } from '../kernel/problem.ts'
import { logError } from '../log.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { planGroup } from './accounting/plan-group.ts'
import { factsAbout } from './facts.store.ts'
import { readGroups } from './groups.store.ts'
import { giveUp, postedOf, writePlans } from './plans.store.ts'
import { findRevenueContract, groupsToPlan, productPositions } from './revenue-contracts.store.ts'

/** Groups planned in one commit: the schedule entries of a hundred contracts of some years are one of them. */
const PAGE_GROUPS = 100

/** The statements that plan what changed; none where nothing did. */
export async function planPage(db: Db, now: Instant): Promise<Statement[]> {
  const groupRefs = await groupsToPlan(db, PAGE_GROUPS)
  if (groupRefs.length === 0) return []
  const groups = await readGroups(db, groupRefs)
  const refs = groups.flatMap(({ members }) => members.map(({ row }) => row.ref))
  const posted = await postedOf(db, refs)
  const plans = groups.map((group) => {
    const own = new Set(group.members.map(({ row }) => row.ref))
    const plan = planGroup(
      group,
      posted.filter(({ contractRef }) => own.has(contractRef)),
      now,
    )
    const problem = plan.members.find((member) => member.problem)?.problem
    if (problem) logError(new Error(problem), { job: 'revenue plan', contractRef: group.ref })
    return plan
  })
  const read = new Set(groups.map(({ ref }) => ref))
  return [
    ...writePlans(db, plans, posted),
    ...giveUp(
      db,
      groupRefs.filter((ref) => !read.has(ref)),
    ),
  ]
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
