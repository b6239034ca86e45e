import type { PaymentRequest } from '../payments/crypto/payment-request.ts'

/** A chain as EIP-3085 (`wallet_addEthereumChain`) describes it; a wallet that knows the chain reads only its id. */
type WalletChainInfo = {
  chainId: string
  chainName: string
  nativeCurrency: { name: string; symbol: string; decimals: 18 }
  rpcUrls: string[]
}

/** What a wallet of the browser is asked to send: a call of the token's contract, encoded by the server. */
export type WalletRequest = { to: string; data: string; chain: WalletChainInfo }

/** The public endpoints of the chains' makers. Ours are not told: their addresses can hold a key. */
const PUBLIC_CHAINS: Record<number, { coin: string; rpc: string }> = {
  1: { coin: 'ETH', rpc: 'https://ethereum-rpc.publicnode.com' },
  10: { coin: 'ETH', rpc: 'https://mainnet.optimism.io' },
  137: { coin: 'POL', rpc: 'https://polygon-rpc.com' },
  8453: { coin: 'ETH', rpc: 'https://mainnet.base.org' },
  42161: { coin: 'ETH', rpc: 'https://arb1.arbitrum.io/rpc' },
}

/** @param sandboxRpcs chain id to endpoint of the sandbox's own chains; empty in production */
export function walletRequest(request: PaymentRequest, sandboxRpcs: Record<string, string>): WalletRequest {
  const { chainId, chainName, token, calldata } = request
  const { coin = 'ETH', rpc } = PUBLIC_CHAINS[chainId] ?? {}
  const endpoint = sandboxRpcs[chainId] ?? rpc
  return {
    to: token.address,
    data: calldata,
    chain: {
      chainId: `0x${chainId.toString(16)}`,
      chainName,
      nativeCurrency: { name: coin, symbol: coin, decimals: 18 },
      rpcUrls: endpoint === undefined ? [] : [endpoint],
    },
  }
}
