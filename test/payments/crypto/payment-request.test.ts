import { describe, expect, it } from 'vitest'
import type { Wallet } from '../../../src/customers/customer.ts'
import { chainName, paymentRequests } from '../../../src/payments/crypto/payment-request.ts'

const USDC = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const DAI = '0x50c5725949a6f0c72e6c4a641f24049a917db0cb'
const EURC = '0x60a3e35cc302bfa44cb288bc5a4f316fdb1adb42'
const deposit = { address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' }
const wallet: Wallet = {
  id: 'treasury',
  xpub: 'unused here',
  chains: [
    {
      chain_id: 8453,
      tokens: [
        { symbol: 'USDC', address: USDC, decimals: 6, currency: 'USD' },
        { symbol: 'EURC', address: EURC, decimals: 6, currency: 'EUR' },
        { symbol: 'POINT', address: EURC, decimals: 0, currency: 'USD' },
      ],
    },
    { chain_id: 999, tokens: [{ symbol: 'DAI', address: DAI, decimals: 18, currency: 'USD' }] },
  ],
}

describe('payment requests', () => {
  // 1050.25 USD: 1050.25 × 10^6 units of USDC, × 10^18 of DAI. Whole POINTs cannot make a quarter.
  const requests = paymentRequests(deposit, wallet, 105_025n, 'USD')

  it('name every accepted token of the currency that can hold the exact amount', () => {
    expect(
      requests.map(({ chainId, chainName, token, amount, units }) => [
        chainId,
        chainName,
        token.symbol,
        amount,
        units,
      ]),
    ).toEqual([
      [8453, 'Base', 'USDC', '1050.25', '1050250000'],
      [999, 'Chain 999', 'DAI', '1050.25', '1050250000000000000000'],
    ])
  })

  it('carry an EIP-681 link to the transfer, with checksummed addresses (EIP-55)', () => {
    expect(requests[0]!.eip681).toBe(
      'ethereum:0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913@8453/transfer' +
        '?address=0x70997970C51812dc3A010C7d01b50e0d17dc79C8&uint256=1050250000',
    )
    expect(requests[0]!.address).toBe('0x70997970C51812dc3A010C7d01b50e0d17dc79C8')
  })

  it('carry the call of ERC-20 transfer: its selector, the address, the units as 32 bytes each', () => {
    // 1050250000 = 0x3e998b10; a9059cbb is the selector of transfer(address,uint256).
    expect(requests[0]!.calldata).toBe(
      '0xa9059cbb' +
        '00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8' +
        '000000000000000000000000000000000000000000000000000000003e998b10',
    )
  })

  it('ask for whole tokens without a point, and for nothing when nothing is due', () => {
    const [usdc, point] = paymentRequests(deposit, wallet, 100_000n, 'USD')
    expect([usdc!.amount, point!.amount, point!.units]).toEqual(['1000', '1000', '1000'])
    expect(paymentRequests(deposit, wallet, 0n, 'USD')).toEqual([])
    expect(paymentRequests(deposit, wallet, 100n, 'GBP')).toEqual([])
  })
})

it('names chains', () => {
  expect([1, 10, 137, 8453, 42161, 5].map(chainName)).toEqual([
    'Ethereum',
    'OP Mainnet',
    'Polygon',
    'Base',
    'Arbitrum One',
    'Chain 5',
  ])
})
