import type { Hash, Hex } from 'viem'
import { nodeAt } from './token.ts'

/** Adds empty blocks. Two make what is in the newest block final. */
export const mine = (rpcUrl: string, blocks: number): Promise<void> => nodeAt(rpcUrl).mine({ blocks })

/**
 * Replaces the newest blocks by as many others. Their transactions are gone, but for those given with the place of
 * their new block among the replaced ones (0 is the oldest).
 */
export async function reorg(
  rpcUrl: string,
  depth: number,
  kept: readonly { transaction: Hex; block: number }[] = [],
): Promise<void> {
  const pairs = kept.map(({ transaction, block }) => [transaction, block])
  await request(rpcUrl, 'anvil_reorg', [depth, pairs])
}

/** A transaction as it was signed, to send again or to keep through a reorg. */
export const signedTransaction = (rpcUrl: string, hash: Hash): Promise<Hex> =>
  request<Hex>(rpcUrl, 'eth_getRawTransactionByHash', [hash])

/** Sends a signed transaction once more; it gets a block of its own. */
export const sendAgain = (rpcUrl: string, transaction: Hex): Promise<Hash> =>
  nodeAt(rpcUrl).sendRawTransaction({ serializedTransaction: transaction })

/** What viem has no name for. */
const request = <T>(rpcUrl: string, method: string, params: unknown[]): Promise<T> =>
  nodeAt(rpcUrl).request({ method, params } as never) as Promise<T>
