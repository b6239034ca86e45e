import { type Minor, sum } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import { type EstimatedVariable, estimateVariable, type VariableAmount } from './variable-consideration.ts'

/** A sales tax inside the fixed amount. `principal`: the entity owes it itself and collects it for nobody. */
type IncludedTax = { amount: Minor; principal: boolean }

/** Paid or credited to the customer; what buys a distinct good at its fair value is a purchase, not a price cut. */
export type PayableToCustomer = { amount: Minor; fairValueReceived: Minor }

export type PriceTerms = {
  fixed: Minor
  variable: readonly VariableAmount[]
  payable: readonly PayableToCustomer[]
  taxes: readonly IncludedTax[]
}

export type TransactionPrice = {
  fixed: Minor
  variable: EstimatedVariable[]
  payableToCustomer: Minor
  taxExcluded: Minor
  total: Minor
  reasons: Reason[]
}

/**
 * Step 3: the consideration that the entity expects to be entitled to, in minor units (ASC 606-10-32-2 to 32-27,
 * IFRS 15.47 to 72): fixed, plus estimated variable amounts, less what is payable to the customer, less taxes that are
 * collected for others.
 */
export function transactionPrice(terms: PriceTerms, policy: RevenuePolicy): TransactionPrice {
  const variable = terms.variable.map((amount) => estimateVariable(amount, policy))
  const payableToCustomer = sum(terms.payable.map(priceCut))
  const excluded = terms.taxes.filter((tax) => policy.excludesAllSalesTax || !tax.principal)
  const taxExcluded = sum(excluded.map(({ amount }) => amount))
  const included = sum(variable.map((amount) => amount.included))
  return {
    fixed: terms.fixed,
    variable,
    payableToCustomer,
    taxExcluded,
    total: terms.fixed + included - payableToCustomer - taxExcluded,
    reasons: [
      ...variable.flatMap(({ reasons }) => reasons),
      ...(terms.payable.length > 0 ? [PAYABLE_SAID] : []),
      ...(terms.taxes.length > 0 ? [policy.excludesAllSalesTax ? ALL_TAX_SAID : EACH_TAX_SAID] : []),
    ],
  }
}

/** By how much it lowers the price. Throws `fair_value_exceeds_payment`. */
export function priceCut({ amount, fairValueReceived }: PayableToCustomer): Minor {
  if (fairValueReceived <= amount) return amount - fairValueReceived
  throw invalid(
    'fair_value_exceeds_payment',
    'The fair value received for what is payable to the customer is more than the payment; state the payment alone.',
  )
}

const PAYABLE_SAID = reason(
  'payable_to_customer',
  'What is payable to the customer reduces the price, except at fair value for a distinct good or service.',
)
const ALL_TAX_SAID = reason('sales_tax', 'By election all sales taxes are left out of the transaction price.')
const EACH_TAX_SAID = reason(
  'sales_tax',
  'Taxes collected for others are left out; those that the entity owes as principal stay in the price.',
)
