import type { UsagePolicy } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { DiscountOption } from '../allocation/ssp.ts'
import type { Treatment } from '../modification/amendment.ts'
import type { Framework } from '../policy.ts'
import type { NonRefundable } from '../transaction-price/non-refundable.ts'

/** What finance states about a contract; decimal strings, amounts in major units. */
export type FactBody =
  /** Something was handed over: a milestone, units, or the one thing that a point in time waits for. */
  | {
      kind: 'delivery'
      delivery_ref: string
      product_ref: string
      milestone?: string | undefined
      quantity?: string | undefined
      /** How many units there will be in all, as it is estimated from that day on. */
      expected_total?: string | undefined
    }
  /** Variable consideration as it is estimated from that day on. */
  | ({
      kind: 'estimate'
      key: string
      promised: 'inception' | 'modification'
      /** Of usage: the last day that it is for. */
      until?: LocalDate | undefined
    } & EstimateBody)
  /** Why usage of a product is revenue as it happens, as it is judged from that day on. */
  | { kind: 'usage_policy'; product_ref: string; policy: UsagePolicy }
  /** Somebody's judgement of a modification, in place of the rules'. */
  | { kind: 'treatment'; version: number; treatment: Treatment }
  /**
   * A price cut: for service given already, such as a service-level credit, or for the days of a `service`. One that a
   * credit note, a void or a write-off makes names its document: the credit note, or the invoice that is taken back or
   * written off.
   */
  | {
      kind: 'credit'
      credit_ref: string
      product_ref: string
      amount: string
      document?: string | undefined
      written_off?: boolean | undefined
      voided?: boolean | undefined
      service?: { start: LocalDate; end: LocalDate } | undefined
    }
  /** Step 1, as it is judged from that day on; of one framework where it is named, or else of both. */
  | {
      kind: 'criteria'
      framework?: Framework | undefined
      approved?: boolean | undefined
      rights_identified?: boolean | undefined
      payment_terms_identified?: boolean | undefined
      commercial_substance?: boolean | undefined
      collection_probability?: string | undefined
    }
  /** What was received without a contract and need not be given back, without tax (ASC 606-10-25-7, IFRS 15.15). */
  | {
      kind: 'non_refundable'
      key: string
      event: NonRefundable['event']
      product_ref: string
      amount: string
    }
  /**
   * Paid or credited to the customer: what goes beyond the fair value of a distinct good or service that is had for it
   * is a cut of the price (ASC 606-10-32-25, IFRS 15.70).
   */
  | { kind: 'payable'; key: string; amount: string; fair_value_received?: string | undefined }
  /** An option to buy more, at a discount that others do not get: a promise of its own (ASC 606-10-55-42, IFRS 15.B40). */
  | { kind: 'material_right'; key: string; product_ref: string; option: DiscountOption; expires: LocalDate }
  /** The option was used. */
  | { kind: 'exercise'; key: string }
  /** The contract was negotiated together with these others (ASC 606-10-25-9, IFRS 15.17). */
  | { kind: 'combination'; contract_refs: string[] }

export type EstimateBody = {
  method: 'amount' | 'expected_value' | 'most_likely'
  amount?: string | undefined
  outcomes?: { amount: string; probability: string }[] | undefined
  constraint?: { most?: string | undefined; confidence?: string | undefined } | undefined
  /** The product that the amount relates to alone. */
  target?: string | undefined
}

export type Fact<B extends FactBody = FactBody> = {
  contractRef: string
  effectiveDate: LocalDate
  body: B
  reason: string | null
  createdAt: number
}

type Kind = FactBody['kind']

/** The facts of one kind, in the order in which they were stated. */
export const factsOf = <K extends Kind>(facts: readonly Fact[], kind: K) =>
  facts.filter((fact): fact is Fact<Extract<FactBody, { kind: K }>> => fact.body.kind === kind)
