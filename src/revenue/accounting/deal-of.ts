import type { LocalDate } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import type { DealChange } from '../deal/changes.ts'
import type { Deal } from '../deal/deal.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { creditChanges } from './credits.ts'
import { judgementsIn } from './criteria.ts'
import { variableOf } from './estimate.ts'
import { type Fact, factsOf } from './facts.ts'
import { keptAmounts } from './kept.ts'
import { materialRights } from './material-right.ts'
import { type MemberDeal, memberDeal, type ObligationOrigin } from './member-deal.ts'
import { factsAbout, prefixOf } from './member-state.ts'
import { type Payables, payablesOf } from './payable.ts'
import { soldTogether } from './sold-together.ts'
import { isOfUsage } from './usage-estimate.ts'

/** What made a change: a version of a contract, or a fact that was stated. */
type ChangeOrigin = { contractRef: string; version?: number; fact?: Fact }

/** The deal of an accounting contract; the origins are those of its changes, in their order, and of its obligations. */
export type DealOf = {
  deal: Deal
  changeOrigins: ChangeOrigin[]
  obligationOrigins: ReadonlyMap<string, ObligationOrigin>
}

/** `knownAt` orders what holds from one day on. */
type OriginatedChange = { change: DealChange; origin: ChangeOrigin; knownAt: number }

/** Reads the deal out of the facts: the signed terms, their versions, the selling prices, and what finance stated. */
export function dealOf(contract: AccountingContract): DealOf {
  const inception = inceptionOf(contract)
  const members = contract.members.map((member) => ({ member, own: memberDeal(contract, member) }))
  const estimates = contract.members.flatMap((member) => estimatesOf(contract, member, inception))
  const payables = contract.members.map((member) => payablesOf(contract, member, inception))
  const rights = contract.members.flatMap((member) => materialRights(contract, member))
  const kept = contract.members.flatMap((member) => keptAmounts(contract, member))
  const changes = [
    ...members.flatMap(({ member, own }) => versionsOf(member, own)),
    ...members.flatMap(({ member, own }) => creditsOf(contract, member, own)),
    ...estimates.flatMap(({ later }) => later),
    ...payables.flatMap(({ later }) => later.map(priceCutBy)),
  ].toSorted((a, b) => (dateOf(a) < dateOf(b) ? -1 : dateOf(a) > dateOf(b) ? 1 : a.knownAt - b.knownAt))
  return {
    deal: {
      criteria: judgementsIn(contract.facts),
      nonRefundable: kept.map(({ amount }) => amount),
      price: {
        fixed: sum(members.map(({ own }) => own.price)),
        variable: estimates.flatMap(({ first }) => first),
        payable: payables.flatMap(({ first }) => first),
        taxes: [],
      },
      obligations: [
        ...members.flatMap(({ own }) => own.obligations),
        ...rights.map(({ obligation }) => obligation),
      ],
      bundles: soldTogether(
        members[0]?.own.first.book,
        members.flatMap(({ own }) => own.first.promised),
        contract.currency,
      ),
      usage: [],
      changes: changes.map(({ change }) => change),
    },
    changeOrigins: changes.map(({ origin }) => origin),
    obligationOrigins: new Map([
      ...members.flatMap(({ own }) => [...own.origins]),
      ...rights.map(({ obligation, origin }) => [obligation.key, origin] as const),
      ...kept.toReversed().map(({ amount, origin }) => [amount.key, origin] as const),
    ]),
  }
}

/** The day on which the first of the contracts begins. */
const inceptionOf = ({ members }: AccountingContract): LocalDate =>
  members.map(({ versions }) => versions[0].effectiveDate).sort()[0]!

const dateOf = ({ change }: OriginatedChange): LocalDate =>
  'amendment' in change ? change.amendment.date : change.estimate.date

const versionsOf = ({ contractRef }: Member, { changes }: MemberDeal): OriginatedChange[] =>
  changes.map(({ version, createdAt, amendment }) => ({
    change: { amendment },
    origin: { contractRef, version },
    knownAt: createdAt,
  }))

const creditsOf = (contract: AccountingContract, member: Member, own: MemberDeal): OriginatedChange[] =>
  creditChanges(contract, member, own).map(({ amendment, fact }) => ({
    change: { amendment },
    origin: { contractRef: member.contractRef, fact },
    knownAt: fact.createdAt,
  }))

const priceCutBy = ({ estimate, fact }: Payables['later'][number]): OriginatedChange => ({
  change: { estimate },
  origin: { contractRef: fact.contractRef, fact },
  knownAt: fact.createdAt,
})

/** Of each variable amount the estimate of inception, where there is one, and those that follow it; none of usage. */
function estimatesOf(contract: AccountingContract, member: Member, inception: LocalDate) {
  const prefix = prefixOf(contract, member)
  const stated = factsOf(factsAbout(contract, member), 'estimate').filter(
    ({ body }) => !isOfUsage(body, member.products),
  )
  return [...Map.groupBy(stated, ({ body }) => body.key).values()].map((facts) => {
    const [fact, ...rest] = facts
    const isFirst = fact !== undefined && fact.effectiveDate <= inception
    const read = ({ body }: (typeof facts)[number]) =>
      variableOf(prefix + body.key, body, contract.currency, (ref) => prefix + ref)
    return {
      first: isFirst ? [read(fact)] : [],
      later: (isFirst ? rest : facts).map((one): OriginatedChange => {
        const date = one.effectiveDate > inception ? one.effectiveDate : inception
        const sinceModification = one.body.promised === 'modification'
        return {
          change: { estimate: { date, variable: read(one), sinceModification } },
          origin: { contractRef: member.contractRef, fact: one },
          knownAt: one.createdAt,
        }
      }),
    }
  })
}
