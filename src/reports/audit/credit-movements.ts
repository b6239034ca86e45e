import {
  burnEntries,
  expiredEntries,
  type PaidInvoice,
  type PriceChange,
  voidedEntries,
} from '../../credits/credit-entry.ts'
import type { CreditGrant } from '../../credits/grant.ts'
import { type GrantState, type Moved, type Movement, move, untouched } from '../../credits/movement.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'

/** The movements of a grant made again in their order: what each released follows from those before it. */
export function movedAgain(grant: CreditGrant, movements: readonly Movement[]): Moved[] {
  let state: GrantState = untouched(grant)
  return movements.map(({ kind, amount, invoiceId, settlement, reason, actor, at }) => {
    const moved = move(state, { kind, amount, invoiceId, settlement, reason, actor, at })
    state = moved.state
    return moved
  })
}

/** What is carried over stays owed; what the refund of a payment took is in the entry of the refund. */
export function movementEntries(
  moved: Moved,
  invoice: PaidInvoice | undefined,
  prices: readonly PriceChange[],
): JournalEntry[] {
  const { kind, settlement } = moved.movement
  switch (kind) {
    case 'burnt':
    case 'reinstated':
      return invoice ? burnEntries(moved, invoice, prices) : []
    case 'expired':
      return expiredEntries(moved)
    case 'voided':
      return settlement ? voidedEntries(moved, settlement) : []
    case 'rolled_over':
      return []
  }
}
