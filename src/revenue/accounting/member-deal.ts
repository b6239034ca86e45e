import type { RecognitionMethod } from '../../catalog/product.ts'
import { dateAt } from '../../contracts/periods/zone.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { rational } from '../../kernel/rational.ts'
import type { DealObligation } from '../deal/promises.ts'
import type { Amendment } from '../modification/amendment.ts'
import type { AccountingContract, Member, TermsVersion } from './accounting-contract.ts'
import { creditedOfDropped } from './credited-days.ts'
import { factsOf } from './facts.ts'
import { keptFees } from './kept-fees.ts'
import { factsAbout, type MemberState, memberState, prefixOf } from './member-state.ts'
import type { ChangeContext } from './parts.ts'
import { isSeries, measureOf, type Promised, pointOf, sellingPriceOf } from './promise.ts'
import { earlier } from './service.ts'
import { knownSsp } from './ssp-book.ts'
import { firstParts, type Parts, termsChange } from './terms-change.ts'

/** Whose an obligation is, and when it was agreed. */
export type ObligationOrigin = {
  contractRef: string
  productRef: string
  /** By default that of the product. */
  method?: RecognitionMethod
  /** Of the product as first agreed. */
  serviceStart: LocalDate
  bookedOn: LocalDate
}

/** An amendment, and the version of the contract that made it. */
type VersionChange = { version: number; createdAt: number; amendment: Amendment }

type KnownState = { createdAt: number; promised: readonly Promised[] }

/** What one signed contract brings into the deal. */
export type MemberDeal = {
  price: Minor
  obligations: DealObligation[]
  /** The promises of the signed contract, and the selling prices that hold for it. */
  first: MemberState
  changes: VersionChange[]
  origins: Map<string, ObligationOrigin>
  /** What was promised by each version, in their order. */
  states: readonly [KnownState, ...KnownState[]]
}

/** The promises and the fixed price of a contract as signed, and what each later version of it changes. */
export function memberDeal(contract: AccountingContract, member: Member): MemberDeal {
  const [signed, ...later] = member.versions
  const first = memberState(contract, member, signed)
  const origins = new Map(
    first.promised.map((own) => [own.key, originOf(member, own, signed.effectiveDate)] as const),
  )
  const changes: VersionChange[] = []
  const states: [KnownState, ...KnownState[]] = [{ createdAt: signed.createdAt, promised: first.promised }]
  let [written, before, parts] = [signed, first.promised, partsOf(contract, first)]
  for (const version of lastOfEachDay(later)) {
    const state = memberState(contract, member, version)
    const change = termsChange(before, state.promised, parts, contextOf(contract, member, version, state))
    for (const { key } of change.amendment.adds) {
      const own = state.promised.find((one) => key === one.key || key.startsWith(`${one.key}@`))
      if (own) origins.set(key, originOf(member, own, version.effectiveDate))
    }
    const kept =
      keptFees(contract, member, written, version) ||
      creditedOfDropped(contract, member, before, state.promised, version.createdAt)
    const priceChange = change.amendment.priceChange + kept
    changes.push(...versionChange(contract, member, version, { ...change.amendment, priceChange }))
    states.push({ createdAt: version.createdAt, promised: state.promised })
    ;[written, before, parts] = [version, state.promised, change.parts]
  }
  return {
    price: sum(first.promised.map(({ price }) => price)),
    obligations: first.promised.map((own) => obligationOf(contract, member, own, first)),
    first,
    changes,
    origins,
    states,
  }
}

/** Versions that follow each other and hold from one day on are one modification: only the last ever took effect. */
const lastOfEachDay = (versions: readonly TermsVersion[]): TermsVersion[] =>
  versions.filter(({ effectiveDate }, place) => versions[place + 1]?.effectiveDate !== effectiveDate)

const partsOf = ({ currency }: AccountingContract, { promised, book }: MemberState): Parts =>
  new Map(promised.map((own) => [own.key, firstParts(own, pointOf(sellingPriceOf(own, book, currency)))]))

const contextOf = (
  contract: AccountingContract,
  member: Member,
  { effectiveDate, version, terms, createdAt }: TermsVersion,
  { book }: MemberState,
): ChangeContext => ({
  date: effectiveDate,
  agreedOn: earlier(effectiveDate, dateAt(terms, createdAt)),
  version,
  value: (own, from, to) =>
    knownSsp(sellingPriceOf(own, book, contract.currency, { from, to }), rational(own.price)),
  measure: (own) => measureOf(own, factsAbout(contract, member)),
})

const originOf = (
  { contractRef }: Member,
  { product, service }: Promised,
  bookedOn: LocalDate,
): ObligationOrigin => ({
  contractRef,
  productRef: product.ref,
  serviceStart: service.start,
  bookedOn,
})

function obligationOf(
  contract: AccountingContract,
  member: Member,
  own: Promised,
  { book }: MemberState,
): DealObligation {
  const ships = own.product.revenue.shipping_of
  return {
    key: own.key,
    ssp: sellingPriceOf(own, book, contract.currency),
    measure: measureOf(own, factsAbout(contract, member)),
    isSeries: isSeries(own.product),
    ...(ships !== undefined && { shipsGoodsOf: prefixOf(contract, member) + ships }),
  }
}

/** Nothing where the version leaves the covered fees as they were. */
function versionChange(
  contract: AccountingContract,
  member: Member,
  { version, effectiveDate: date, createdAt }: TermsVersion,
  change: Pick<Amendment, 'adds' | 'changes' | 'removes' | 'priceChange' | 'reprices'>,
): VersionChange[] {
  const { adds, changes, removes, priceChange } = change
  if (adds.length + changes.length + removes.length === 0 && priceChange === 0n) return []
  const judgement = factsOf(factsAbout(contract, member), 'treatment').findLast(({ body }) =>
    member.versions.some((own) => own.version === body.version && own.effectiveDate === date),
  )
  const override = judgement && {
    override: { treatment: judgement.body.treatment, reason: judgement.reason ?? '' },
  }
  return [{ version, createdAt, amendment: { date, ...change, credits: [], ...override } }]
}
