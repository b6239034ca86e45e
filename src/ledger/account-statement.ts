import type { Minor } from '../kernel/money.ts'

/** The balance of an account in each currency, minor units: debit positive, credit negative. */
export type Balances = ReadonlyMap<string, Minor>

/**
 * Puts beside each movement of an account, in their order, the balance after it in its currency.
 *
 * @example opening 50.00 USD, debit 30.00, credit 10.00: balances 80.00 and 70.00
 */
export function runningBalances<Movement extends { currency: string; amount: Minor }>(
  opening: Balances,
  movements: readonly Movement[],
): { lines: (Movement & { balance: Minor })[]; closing: Balances } {
  const closing = new Map(opening)
  const lines = movements.map((movement) => {
    const balance = (closing.get(movement.currency) ?? 0n) + movement.amount
    closing.set(movement.currency, balance)
    return { ...movement, balance }
  })
  return { lines, closing }
}
