import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { KnownSsp, Ssp } from '../allocation/ssp.ts'
import type { Measure } from '../recognition/measure.ts'

/** A promise: what it sells for alone, how it is satisfied, and whether its days or units are distinct. */
export type PromisedService<S extends Ssp = Ssp> = {
  key: string
  ssp: S
  measure: Measure
  isSeries: boolean
}

/** A promise that an amendment adds; one that renews a licence which the customer has says when that was agreed. */
export type AddedPromise = PromisedService<KnownSsp> & {
  /** `price` is the part of the amendment's price change that is the renewal's, in minor units. */
  renewal?: { agreedOn: LocalDate; price: Minor }
}

/** A promise that goes on otherwise than before: longer, shorter, more or fewer units, another estimate of the whole. */
export type ChangedPromise = {
  key: string
  /** The whole promise, from its beginning and with what has been delivered. */
  measure?: Measure
  /** Stand-alone selling price of what remains after the change, in exact minor units; by default in proportion. */
  remainingSsp?: Rational
}

/**
 * A price cut of obligations, in minor units: for service `given` already (a service-level credit, a defect), for
 * service `to_come`, or for `all` of it, by progress. Several obligations are those of one product.
 */
export type Credit = { keys: readonly string[]; amount: Minor; of: 'given' | 'to_come' | 'all' }

export const TREATMENTS = ['separate_contract', 'prospective', 'catch_up', 'mixed'] as const
export type Treatment = (typeof TREATMENTS)[number]

/** A change of scope, price or both that the parties have approved (ASC 606-10-25-10, IFRS 15.18). */
export type Amendment = {
  date: LocalDate
  /** Added to the price, or taken from it where negative; credits apart. Minor units. */
  priceChange: Minor
  adds: readonly AddedPromise[]
  changes: readonly ChangedPromise[]
  removes: readonly string[]
  /** Promises that go on at another price: what they are part of is what the price change is for. */
  reprices?: readonly string[]
  credits: readonly Credit[]
  /** Somebody's judgement in place of the rules', and why. */
  override?: { treatment: Treatment; reason: string }
}
