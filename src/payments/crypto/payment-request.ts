import type { Address } from 'viem'
import { encodeFunctionData, getAddress, parseAbi } from 'viem/utils'
import type { Wallet } from '../../customers/customer.ts'
import type { Minor } from '../../kernel/money.ts'
import { formatDecimal, rational } from '../../kernel/rational.ts'
import { type AcceptedToken, acceptedTokens, type Deposit } from './deposit.ts'
import { tokenUnits } from './token.ts'

/** How an invoice is paid with one token on one chain. */
export type PaymentRequest = {
  chainId: number
  chainName: string
  /** As the wallet lists it; `address` is the contract's, with its EIP-55 checksum. */
  token: AcceptedToken
  /** Tokens to send, the shortest exact decimal string: `1050.25`. */
  amount: string
  /** The same in base units of the token. */
  units: string
  /** Where to send it, with its EIP-55 checksum. */
  address: string
  /** EIP-681 URI of the transfer, for a QR code or a link; wallets understand it to different degrees. */
  eip681: string
  /** Call data of the ERC-20 `transfer`, for a connected wallet: a transaction to the token's contract. */
  calldata: string
}

const CHAIN_NAMES: Record<number, string> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  137: 'Polygon',
  8453: 'Base',
  31337: 'Sandbox chain',
  42161: 'Arbitrum One',
}

export const chainName = (chainId: number): string => CHAIN_NAMES[chainId] ?? `Chain ${chainId}`

const TRANSFER = parseAbi(['function transfer(address to, uint256 value) returns (bool)'])

/**
 * Every way to pay the amount due at the deposit address: one for each token of the wallet in the invoice's currency.
 * A token too coarse for the exact amount is left out. Nothing is due: nothing to ask for.
 */
export function paymentRequests(
  deposit: Pick<Deposit, 'address'>,
  wallet: Wallet,
  amountDue: Minor,
  currency: string,
): PaymentRequest[] {
  if (amountDue <= 0n) return []
  return acceptedTokens([wallet], currency).flatMap((token) => {
    const units = tokenUnits(amountDue, currency, token.decimals)
    return units === undefined ? [] : [paymentRequest(deposit.address, token, units)]
  })
}

function paymentRequest(depositAddress: string, token: AcceptedToken, units: bigint): PaymentRequest {
  const address = getAddress(depositAddress)
  const contract = getAddress(token.address)
  return {
    chainId: token.chainId,
    chainName: chainName(token.chainId),
    token: { ...token, address: contract },
    amount: formatDecimal(rational(units, 10n ** BigInt(token.decimals))),
    units: units.toString(),
    address,
    eip681: `ethereum:${contract}@${token.chainId}/transfer?address=${address}&uint256=${units}`,
    calldata: transferCall(address, units),
  }
}

const transferCall = (to: Address, units: bigint): string =>
  encodeFunctionData({ abi: TRANSFER, functionName: 'transfer', args: [to, units] })
