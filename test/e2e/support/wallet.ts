import type { Page } from 'playwright-core'
import { PAYER } from '../../../sandbox/chain/wallet.ts'

/**
 * Puts a wallet into the page that announces itself by EIP-6963 and hands every call to the chain, where the payer's
 * account is unlocked. It starts on another network, as wallets do.
 */
export async function injectWallet(page: Page, rpcUrl: string): Promise<void> {
  let chainId = '0x1'
  await page.exposeFunction('walletRequest', async (method: string, params: unknown[]) => {
    if (method === 'eth_requestAccounts') return [PAYER]
    if (method === 'eth_chainId') return chainId
    if (method === 'wallet_switchEthereumChain') {
      chainId = (params[0] as { chainId: string }).chainId
      return null
    }
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } }
    if (error) throw new Error(error.message)
    return result
  })
  await page.addInitScript(ANNOUNCE)
}

/** Runs in the page, before its own scripts. */
const ANNOUNCE = `
  const provider = { request: ({ method, params = [] }) => window.walletRequest(method, params) }
  const info = { uuid: '350670db-19fa-4704-a166-e52e178b59d2', name: 'Test Wallet', rdns: 'example.wallet',
                 icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>' }
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
`
