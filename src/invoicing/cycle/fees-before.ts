import type { ContractTerms } from '../../contracts/contract.ts'
import { boundaryDate } from '../../contracts/periods/schedule.ts'
import { trialEndCharges } from '../charges/fee-charge.ts'
import type { BilledFee } from '../charges/paid-part.ts'
import type { InvoiceLine } from '../invoice.ts'
import type { CycleCloseInput } from './cycle-close.ts'

export const hasOwnCycles = ({ products }: Pick<ContractTerms, 'products'>): boolean =>
  products.some(({ billing_cycle }) => billing_cycle !== undefined)

/**
 * What is billed in advance before the invoice after the current one: what is issued, what the current one has, and what
 * ends of trials bill between them. Undefined where all periods are the contract's cycles: nothing is billed of the next
 * one before it begins.
 */
export function feesBefore(
  { contract: { terms, nextCycle }, products, seller, billedFees }: CycleCloseInput,
  current: readonly InvoiceLine[],
): BilledFee[] | undefined {
  if (!billedFees || !hasOwnCycles(terms)) return undefined
  const begins = boundaryDate(terms, nextCycle - 1)
  const inAdvance = current.filter(
    ({ kind, serviceStart }) => kind === 'change' || (kind === 'recurring' && serviceStart >= begins),
  )
  const trialEnds = trialEndCharges({ terms, products, rounding: seller.rounding }, nextCycle)
  return [...billedFees, ...inAdvance, ...trialEnds]
}
