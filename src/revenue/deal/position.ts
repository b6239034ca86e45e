import type { Minor } from '../../kernel/money.ts'

/** How the position of one contract stands in the balance sheet; at most one side is not zero. */
export type PresentedPosition = { contractLiability: Minor; contractAsset: Minor; unbilledReceivable: Minor }

/**
 * Splits the net position of one contract (billed less recognised, in minor units) for presentation (ASC 606-10-45-1 to
 * 45-4, IFRS 15.105 to 108). In credit it is a contract liability. In debit it is an unbilled receivable as far as
 * nothing but time stands before the invoice, and a contract asset beyond that. Contracts are never netted with each
 * other, nor a receivable with the position.
 *
 * @example net -500 with 300 unconditionally due: unbilled receivable 300, contract asset 200
 */
export function presentPosition(net: Minor, unconditional: Minor): PresentedPosition {
  if (net >= 0n) return { contractLiability: net, contractAsset: 0n, unbilledReceivable: 0n }
  const due = unconditional < 0n ? 0n : unconditional
  const unbilledReceivable = due < -net ? due : -net
  return { contractLiability: 0n, contractAsset: -net - unbilledReceivable, unbilledReceivable }
}
