import { formatMoney, type Minor, toMinor } from '../kernel/money.ts'
import type { Fault } from '../kernel/problem.ts'
import { decimal, multiply, type Rational } from '../kernel/rational.ts'
import type { ContractProduct, ContractTerms } from './contract.ts'

/**
 * In minor units. Amounts are kept up to 2^53, so hundreds of such fees, with their taxes, still add up; and in
 * currencies of small value, such as the rupiah, it is more than one line of an honest invoice comes to.
 */
const LARGEST = 10_000_000_000_000n

/** A fee that no invoice could hold, in major units: found when it is agreed and not when it is due. */
export function faultsOfAmount(
  { currency }: Pick<ContractTerms, 'currency'>,
  { model, quantity }: Pick<ContractProduct, 'model' | 'quantity'>,
): Fault[] {
  if (model.type !== 'flat') return []
  const fee = multiply(decimal(model.amount), decimal(quantity))
  return isTooLarge(fee, currency)
    ? [{ path: 'model.amount', message: `times quantity ${tooLarge(currency)}` }]
    : []
}

export const isTooLarge = (amount: Rational, currency: string): boolean =>
  isBeyondInvoices(toMinor(amount, currency))

/** No line of an invoice is as large as this, in either direction. */
export const isBeyondInvoices = (amount: Minor): boolean => amount > LARGEST || amount < -LARGEST

export const tooLarge = (currency: string): string =>
  `must be at most ${formatMoney(LARGEST, currency)} ${currency}`
