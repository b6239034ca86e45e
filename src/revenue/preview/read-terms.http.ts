import { decimal, ONE } from '../../kernel/rational.ts'
import type { DiscountBundle } from '../allocation/discount-bundle.ts'
import type { Billing } from '../deal/billing.ts'
import type { PolicyChoices } from '../policy.ts'
import { BEGINNING } from '../recognition/line.ts'
import type { ContractFacts, CriteriaJudgement } from '../transaction-price/contract-criteria.ts'
import type { NonRefundable } from '../transaction-price/non-refundable.ts'
import type { PriceTerms } from '../transaction-price/transaction-price.ts'
import type { Amounts } from './amounts.http.ts'
import type { DealBody } from './deal.http.ts'
import { readVariable } from './read-change.http.ts'
import { fault } from './read-measure.http.ts'

export const readPrice = (body: DealBody, amounts: Amounts): PriceTerms => ({
  fixed: amounts.minor(body.transaction_price, 'transaction_price'),
  variable: body.variable.map((own, place) => readVariable(own, amounts, `variable.${place}`)),
  payable: body.payable_to_customer.map(({ amount, fair_value_received }, place) => ({
    amount: amounts.minor(amount, `payable_to_customer.${place}.amount`),
    fairValueReceived: amounts.minor(fair_value_received, `payable_to_customer.${place}.fair_value_received`),
  })),
  taxes: body.taxes.map(({ amount, principal }, place) => ({
    amount: amounts.minor(amount, `taxes.${place}.amount`),
    principal,
  })),
})

export const readCriteria = ({ contract, contract_reassessed: later }: DealBody): CriteriaJudgement[] => [
  ...(contract ? [{ from: BEGINNING, facts: factsOf(contract) }] : []),
  ...later.map(({ effective_date: from, ...criteria }) => ({ from, facts: factsOf(criteria) })),
]

const factsOf = (criteria: NonNullable<DealBody['contract']>): ContractFacts =>
  stated({
    approved: criteria.approved,
    rightsIdentified: criteria.rights_identified,
    paymentTermsIdentified: criteria.payment_terms_identified,
    commercialSubstance: criteria.commercial_substance,
    collectionProbability: optionalDecimal(criteria.collection_probability),
  })

export const readNonRefundable = ({ non_refundable: kept }: DealBody, amounts: Amounts): NonRefundable[] =>
  kept.map(({ amount, ...event }, place) => ({
    ...event,
    key: `kept:${event.key}`,
    amount: amounts.minor(amount, `non_refundable.${place}.amount`),
  }))

export const readPolicy = ({ policy = {} }: DealBody): PolicyChoices =>
  stated({
    rounding: policy.rounding,
    sspOutsideRange: policy.ssp_outside_range,
    constraintConfidence: optionalDecimal(policy.constraint_confidence),
    separateContractTolerance: optionalDecimal(policy.separate_contract_tolerance),
    bundleTolerance: optionalDecimal(policy.bundle_tolerance),
  })

/** The bundle of a discount; each of its goods must have a selling price of its own. */
export function readBundle(body: DealBody, amounts: Amounts): { bundles?: DiscountBundle[] } {
  const { discount_bundle: bundle, obligations } = body
  if (!bundle) return {}
  for (const [place, key] of bundle.keys.entries()) {
    const ssp = obligations.find((own) => own.key === key)?.ssp
    if (ssp === undefined || (typeof ssp === 'object' && 'residual' in ssp)) {
      throw fault(`discount_bundle.keys.${place}`, 'must be an obligation with a selling price of its own')
    }
  }
  const goods = bundle.keys.map((key) => ({ keys: [key], fills: ONE }))
  return {
    bundles: [{ goods, price: amounts.exact(bundle.price), allSoldAlone: bundle.all_sold_alone }],
  }
}

export const readBilling = (line: DealBody['billings'][number], amounts: Amounts, path: string): Billing => ({
  date: line.date,
  amount: amounts.minor(line.amount, path),
  isCancellable: line.cancellable,
  ...stated({ key: line.key, paidOn: line.paid_on }),
})

const optionalDecimal = (text: string | undefined) => (text === undefined ? undefined : decimal(text))

type Stated<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Only what was given: the core tells what is missing from what is undefined. */
const stated = <T extends object>(fields: T): Stated<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Stated<T>
