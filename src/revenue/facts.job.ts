import { type Actor, audit } from '../access/access.store.ts'
import { localDate } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { derivedId } from '../kernel/id.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { joinPositions } from '../ledger/fx/join-positions.job.ts'
import { commit, type Db, isUniqueViolation, type Statement } from '../storage/db.store.ts'
import { withLastDay } from './accounting/accept-estimate.ts'
import { acceptFact } from './accounting/accept-fact.ts'
import { isEvent, isOpinion, subjectOf } from './accounting/fact-subject.ts'
import type { FactBody } from './accounting/facts.ts'
import { contractOf, type Group } from './accounting/group.ts'
import { findFact, insertFact, joinGroup, type RevenueFact, statedAbout } from './facts.store.ts'
import { readGroups } from './groups.store.ts'
import { frameworksOf } from './policy.ts'
import { refuseBeyondReceived } from './received.job.ts'
import { findRevenueContract, type RevenueContract } from './revenue-contracts.store.ts'

export type SentFact = Pick<RevenueFact, 'contractRef' | 'effectiveDate' | 'body' | 'reason'>

/**
 * Takes in a fact about a contract; the next run plans the contract with it. The same again changes nothing. Throws
 * `contract_in_force_not_found`, `fact_exists`, `date_in_the_future`, `more_than_received`, or what `acceptFact` throws.
 */
export async function stateFact(
  db: Db,
  actor: Actor,
  asked: SentFact,
): Promise<{ row: RevenueFact; created: boolean }> {
  const group = await groupOf(db, asked.contractRef)
  const sent = { ...asked, body: withLastDay(contractOf(group), asked.contractRef, asked.body) }
  const known = sameSubject(await statedAbout(db, [sent.contractRef]), sent.body)
  const latest = known.at(-1)
  if (latest && isSame(latest, sent)) return { row: latest, created: false }
  if (latest && !isOpinion(sent.body)) throw exists(sent)
  refuseFuture(group, sent, actor.now)
  const row: RevenueFact = {
    ...sent,
    id: factId(sent, known.length),
    actor: actor.principal.label,
    createdAt: actor.now,
  }
  const joined = await accepted(db, group, row)
  try {
    await commit(db, [
      ...joined,
      ...insertFact(db, row),
      ...audit(db, actor, { action: `revenue.${sent.body.kind}`, subject: sent.contractRef, after: sent }),
    ])
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const meanwhile = await findFact(db, row.id)
    if (meanwhile && isSame(meanwhile, sent)) return { row: meanwhile, created: false }
    throw exists(sent)
  }
  return { row, created: true }
}

async function groupOf(db: Db, contractRef: string): Promise<Group<RevenueContract>> {
  const contract = await findRevenueContract(db, contractRef)
  const [group] = contract ? await readGroups(db, [contract.groupRef]) : []
  if (!group) throw notFound('contract in force', contractRef)
  return group
}

const sameSubject = (facts: readonly RevenueFact[], body: FactBody): RevenueFact[] =>
  facts.filter((fact) => fact.body.kind === body.kind && subjectOf(fact.body) === subjectOf(body))

const factId = ({ contractRef, body }: SentFact, place: number): string =>
  derivedId('fact', contractRef, body.kind, subjectOf(body), place)

const isSame = (row: SentFact, sent: SentFact): boolean =>
  canonicalJson([row.effectiveDate, row.body, row.reason]) ===
  canonicalJson([sent.effectiveDate, sent.body, sent.reason])

const exists = ({ body }: SentFact) =>
  conflict(
    'fact_exists',
    `There is a ${body.kind} "${subjectOf(body)}" of this contract with other content; use another reference.`,
  )

/** What is said to have happened has happened. */
function refuseFuture({ entity }: Group, { body, effectiveDate }: SentFact, now: number): void {
  const today = localDate(now, entity.timezone)
  if (!isEvent(body) || effectiveDate <= today) return
  const message = `must be ${today} or before: a ${body.kind} is stated when it has happened`
  throw invalid('date_in_the_future', `The date ${message}.`, [{ path: 'date', message }])
}

/** Plans the contract with the fact; the statements make others members of its group. */
async function accepted(db: Db, group: Group<RevenueContract>, fact: RevenueFact): Promise<Statement[]> {
  const { primary } = frameworksOf(group.entity.framework)
  if (fact.body.kind !== 'combination') {
    acceptFact(group, fact, primary)
    if (fact.body.kind === 'non_refundable') await refuseBeyondReceived(db, group, fact)
    return []
  }
  const others = await groupsBeside(db, group, fact.body.contract_refs)
  const joining = others.flatMap(({ members }) => members)
  for (const { row } of joining) refuseStranger(group.members[0].row, row)
  acceptFact(others.reduce(together, group), fact, primary)
  const [first, ...rest] = joining.map(({ row }) => row)
  if (!first) return []
  const contracts = [first, ...rest] as const
  const refs = contracts.map(({ ref }) => ref)
  const combined = { sourceId: fact.id, groupRef: group.ref, contracts, recordedAt: fact.createdAt }
  return [joinGroup(db, group.ref, refs), ...(await joinPositions(db, combined))]
}

/** The groups that some contracts belong to, each once, without those of this one. */
async function groupsBeside(
  db: Db,
  { ref }: Group,
  contractRefs: readonly string[],
): Promise<Group<RevenueContract>[]> {
  const groups = await Promise.all(contractRefs.map((contractRef) => groupOf(db, contractRef)))
  return [...new Map(groups.map((group) => [group.ref, group])).values()].filter((group) => group.ref !== ref)
}

const together = (group: Group<RevenueContract>, other: Group<RevenueContract>): Group<RevenueContract> => ({
  ...group,
  members: [...group.members, ...other.members],
  catalogue: new Map([...group.catalogue, ...other.catalogue]),
  facts: [...group.facts, ...other.facts],
})

/** Contracts are accounted for as one where they are with one customer, in one set of books. */
function refuseStranger(own: RevenueContract, other: RevenueContract): void {
  const isSameDeal =
    own.customerRef === other.customerRef &&
    own.entityRef === other.entityRef &&
    own.currency === other.currency
  if (isSameDeal) return
  throw invalid(
    'contracts_not_combinable',
    `"${other.ref}" has another customer, legal entity or currency: it cannot be accounted for with "${own.ref}".`,
  )
}
