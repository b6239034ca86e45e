import artifact from '@openzeppelin/contracts/build/contracts/ERC20PresetFixedSupply.json' with {
  type: 'json',
}
import {
  type Address,
  createTestClient,
  getContractAddress,
  type Hash,
  type Hex,
  http,
  parseAbi,
  publicActions,
  walletActions,
} from 'viem'
import { DEPLOYER, PAYER } from './wallet.ts'

const TOKEN_DECIMALS = 6
const SUPPLY = 1_000_000_000n * 10n ** BigInt(TOKEN_DECIMALS)
/** Pays for the gas of some ten thousand transfers. */
const GAS_MONEY = 10n ** 18n

const ERC20 = parseAbi(['function transfer(address to, uint256 value) returns (bool)'])

/** Where the dollar token of a development chain is: the first contract of its deployer. */
export const TOKEN_ADDRESS = getContractAddress({ from: DEPLOYER, nonce: 0n })

/** Deploys the dollar token, unless the chain has it already, and gives all of it to the payer. */
export async function deployToken(rpcUrl: string): Promise<Address> {
  const node = nodeAt(rpcUrl)
  if (await node.getCode({ address: TOKEN_ADDRESS })) return TOKEN_ADDRESS
  const hash = await node.deployContract({
    abi: artifact.abi,
    bytecode: withSixDecimals(artifact.bytecode as Hex),
    args: ['USD Coin (sandbox)', 'USDC', SUPPLY, PAYER],
    account: DEPLOYER,
    chain: null,
  })
  const { contractAddress } = await node.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  if (contractAddress?.toLowerCase() !== TOKEN_ADDRESS.toLowerCase()) {
    throw new Error(`the token came to ${contractAddress}; expected ${TOKEN_ADDRESS}`)
  }
  return TOKEN_ADDRESS
}

export type TokenPayment = { token: string; to: string; units: bigint }

/** Sends tokens of the payer; answers when the transfer is in a block. */
export async function payToken(rpcUrl: string, { token, to, units }: TokenPayment): Promise<Hash> {
  const node = nodeAt(rpcUrl)
  const hash = await node.writeContract({
    address: token as Address,
    abi: ERC20,
    functionName: 'transfer',
    args: [to as Address, units],
    account: PAYER,
    chain: null,
  })
  await node.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  return hash
}

/** Gives another wallet tokens to pay with, and ether for gas. */
export async function fundPayer(rpcUrl: string, payment: TokenPayment): Promise<void> {
  await nodeAt(rpcUrl).setBalance({ address: payment.to as Address, value: GAS_MONEY })
  await payToken(rpcUrl, payment)
}

/** A client that may do what only a development chain allows. */
export const nodeAt = (rpcUrl: string) =>
  createTestClient({ mode: 'anvil', transport: http(rpcUrl) })
    .extend(publicActions)
    .extend(walletActions)

/**
 * OpenZeppelin's token has 18 decimals and USDC has 6. `decimals()` answers one constant byte; this puts the other
 * number there, and stops if the artifact is no longer the one it was made for.
 */
function withSixDecimals(bytecode: Hex): Hex {
  const answering = (decimals: number) => `604051${`60${decimals.toString(16).padStart(2, '0')}`}81526020`
  const parts = bytecode.split(answering(18))
  if (parts.length !== 2)
    throw new Error('decimals() is not where it is expected in the token of OpenZeppelin')
  return parts.join(answering(TOKEN_DECIMALS)) as Hex
}
