import { payToken, TOKEN_ADDRESS } from '../../../sandbox/chain/token.ts'
import { testXpub } from '../../../sandbox/chain/wallet.ts'
import type { Wallet } from '../../../src/customers/customer.ts'
import { insertEntity, type LegalEntity } from '../../../src/customers/customers.store.ts'
import { commit, type Db } from '../../../src/storage/db.store.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'

export const NOW = Date.UTC(2026, 4, 20, 12)
const CHAIN_ID = 31337

/** A wallet that takes the dollar token of the development chain; each test file uses an account of its own. */
export const walletOf = (account: number): Wallet => ({
  id: 'treasury',
  xpub: testXpub(account),
  chains: [
    {
      chain_id: CHAIN_ID,
      tokens: [{ symbol: 'USDC', address: TOKEN_ADDRESS, decimals: 6, currency: 'USD' }],
    },
  ],
})

export async function foundSeller(db: Db, ref: string, wallets: Wallet[]): Promise<LegalEntity> {
  const entity: LegalEntity = {
    ref,
    name: ref,
    legalName: `${ref} Inc.`,
    taxId: null,
    email: null,
    address: {},
    currency: 'USD',
    timezone: 'America/New_York',
    framework: 'ASC606',
    invoiceSeries: 'INV',
    rounding: 'half_up',
    functionalCurrency: null,
    fxSource: 'ecb',
    shortPayment: null,
    bankAccounts: [],
    wallets,
    createdAt: NOW,
  }
  await commit(db, insertEntity(db, entity))
  return entity
}

let sequence = 0

/** An invoice of this seller, to be paid in the dollar token unless told otherwise. */
export function invoiceOf(
  db: Db,
  entity: LegalEntity,
  total: bigint,
  { currency = 'USD', paymentMethods = ['card', 'crypto'] } = {},
) {
  sequence += 1
  const number = `${entity.ref}-${sequence}`
  const customerRef = `customer-${number}`
  return issueInvoice(db, { number, entityRef: entity.ref, customerRef, currency, total, paymentMethods })
}

/** Pays with the dollar token of the development chain; a cent is 10,000 of its units. */
export const pay = (rpcUrl: string, to: string, units: bigint) =>
  payToken(rpcUrl, { token: TOKEN_ADDRESS, to, units })
