import { describe, expect, it } from 'vitest'
import { walletRequest } from '../../src/portal/wallet-request.ts'

const request = {
  chainId: 8453,
  chainName: 'Base',
  token: { symbol: 'USDC', address: '0xToken', decimals: 6, currency: 'USD', chainId: 8453 },
  amount: '40',
  units: '40000000',
  address: '0xDeposit',
  eip681: 'ethereum:…',
  calldata: '0xa9059cbb',
}

describe('what a wallet is asked to send', () => {
  it('is a call of the token, and no coin', () => {
    expect(walletRequest(request, {})).toMatchObject({
      to: '0xToken',
      data: '0xa9059cbb',
      chain: { chainId: '0x2105', chainName: 'Base', rpcUrls: ['https://mainnet.base.org'] },
    })
  })

  it('names the endpoint of a sandbox chain, and none for a chain that only the wallet can know', () => {
    const local = { ...request, chainId: 31337, chainName: 'Sandbox chain' }
    const rpcs = { '31337': 'http://127.0.0.1:8545' }
    expect(walletRequest(local, rpcs).chain.rpcUrls).toEqual(['http://127.0.0.1:8545'])
    expect(walletRequest(local, {}).chain.rpcUrls).toEqual([])
  })
})
