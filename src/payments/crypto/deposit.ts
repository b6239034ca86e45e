import type { Wallet, WalletToken } from '../../customers/customer.ts'

/** The address at which one invoice is paid: derived from the seller's wallet, and never given to another invoice. */
export type Deposit = {
  invoiceId: string
  walletId: string
  /** The key that the address was derived from; the counter of indexes belongs to it. */
  xpub: string
  derivationIndex: number
  /** Lower case. */
  address: string
  createdAt: number
}

/** A token as an entity's wallets list it, with its chain. */
export type AcceptedToken = WalletToken & { chainId: number }

/** The first wallet that takes a token of this currency on any chain. */
export const walletFor = (wallets: readonly Wallet[], currency: string): Wallet | undefined =>
  wallets.find((wallet) => acceptedTokens([wallet], currency).length > 0)

/** Every token of the wallets, or those taken at par for one currency. Only these create value. */
export const acceptedTokens = (wallets: readonly Wallet[], currency?: string): AcceptedToken[] =>
  wallets
    .flatMap((wallet) => wallet.chains)
    .flatMap((chain) => chain.tokens.map((token) => ({ ...token, chainId: chain.chain_id })))
    .filter((token) => currency === undefined || token.currency === currency)
