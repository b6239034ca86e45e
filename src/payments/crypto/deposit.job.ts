import type { LegalEntity } from '../../customers/customers.store.ts'
import type { Invoice } from '../../invoicing/invoice.ts'
import { Problem } from '../../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import { findDeposit, insertDeposit, nextIndex } from './deposit.store.ts'
import { type Deposit, walletFor } from './deposit.ts'
import { depositAddress } from './wallet.ts'

/** Times that an index is taken anew because another invoice was quicker. */
const ATTEMPTS_MAX = 8

/**
 * The address at which the invoice is paid, given out when it is first asked for and the same ever after. Undefined
 * where the invoice is not to be paid by crypto, or the seller takes no token of its currency.
 *
 * Two requests may reach for the same index: the UNIQUE index lets one have it, and the other takes the next.
 */
export async function ensureDepositAddress(
  db: Db,
  invoice: Pick<Invoice, 'id' | 'currency' | 'paymentMethods'>,
  entity: Pick<LegalEntity, 'wallets'>,
  now: number,
): Promise<Deposit | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const given = await findDeposit(db, invoice.id)
    if (given) return given
    const wallet = invoice.paymentMethods.includes('crypto') && walletFor(entity.wallets, invoice.currency)
    if (!wallet) return undefined
    const derivationIndex = await nextIndex(db, wallet.xpub)
    const deposit: Deposit = {
      invoiceId: invoice.id,
      walletId: wallet.id,
      xpub: wallet.xpub,
      derivationIndex,
      address: depositAddress(wallet.xpub, derivationIndex),
      createdAt: now,
    }
    try {
      await commit(db, insertDeposit(db, deposit))
      return deposit
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
  }
  throw new Problem(503, 'deposit_address_contended', 'Many invoices ask for an address just now; ask again.')
}
