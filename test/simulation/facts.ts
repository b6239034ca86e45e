/**
 * What is known from outside: agreed, used and paid. The generator makes these facts true, and the auditor works out
 * from them alone what the books must say.
 */
export type Facts = {
  entities: EntityFact[]
  contracts: ContractFact[]
  /** Usage whose receipt arrived. */
  usage: UsageFact[]
  /** Money whose receipt arrived. */
  money: MoneyFact[]
}

export type EntityFact = { ref: string; timezone: string; rounding: 'half_up' | 'half_even' }

export type ContractFact = {
  ref: string
  customerRef: string
  entity: EntityFact
  currency: string
  /** Digits of the currency after the point. */
  digits: number
  timezone: string
  start: string
  anchor: string
  cycle: { unit: 'DAILY' | 'WEEKLY' | 'MONTHLY'; count: number }
  taxPercent: string
  invoicing: 'collective' | 'per_product'
  products: ProductFact[]
}

/** Decimal texts, in major units of the contract's currency. */
export type ProductFact =
  | { ref: string; kind: 'usage'; metric: MetricFact; tiers: TierFact[] }
  | { ref: string; kind: 'recurring'; amount: string; quantity: string; inAdvance: boolean }
  | { ref: string; kind: 'one_time'; amount: string; quantity: string }

/** `users`: how many different ones. */
type MetricFact = 'sum' | 'count' | 'max' | 'users'

export type TierFact = { upTo: string | null; unitAmount: string; flatAmount: string }

/** As it counts by now; `at` in UTC epoch milliseconds. */
export type UsageFact = {
  customerRef: string
  productRef: string
  at: number
  quantity: string
  user: string
  /** It was said otherwise before, and may have been billed so. */
  isAmended: boolean
  /** It never happened, though it may have been billed before that was known. */
  isVoided: boolean
}

/** Minor units; `reference` is what the payer wrote. Two that are equal in everything are two payments. */
export type MoneyFact = { reference: string; entityRef: string; currency: string; amount: bigint }
