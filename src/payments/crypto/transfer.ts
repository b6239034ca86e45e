/** Seen in a block that may still be replaced, final, or gone with a block that was replaced. */
export const TRANSFER_STATES = ['seen', 'final', 'orphaned'] as const
export type TransferState = (typeof TRANSFER_STATES)[number]

/** An ERC-20 Transfer event as the chain tells it. Hashes and addresses in lower case. */
export type TransferLog = {
  txHash: string
  /** Place of the event in its block. */
  logIndex: number
  blockNumber: number
  blockHash: string
  token: string
  sender: string
  recipient: string
  /** Base units of the token. */
  units: bigint
}

/** A transfer of an accepted token to a deposit address. */
export type ChainTransfer = {
  id: string
  chainId: number
  txHash: string
  ordinal: number
  invoiceId: string
  token: string
  symbol: string
  decimals: number
  currency: string
  sender: string
  recipient: string
  units: string
  blockNumber: number
  blockHash: string
  state: TransferState
  paymentId: string | null
  seenAt: number
}

/** The identity of a transfer among all money that arrives: it survives the move to another block. */
export const transferKey = (transfer: Pick<ChainTransfer, 'chainId' | 'txHash' | 'ordinal'>): string =>
  `${transfer.chainId}:${transfer.txHash}:${transfer.ordinal}`

/** How far a chain is known: its newest block, and the newest one that is settled here. */
export type ChainProgress = { latestBlock: number; finalizedBlock: number }

/** Blocks on top of the transfer including its own, and how many more must become final before it is booked. */
export const confirmation = (
  transfer: Pick<ChainTransfer, 'blockNumber'>,
  progress: ChainProgress,
): { confirmations: number; blocksToFinal: number } => ({
  confirmations: Math.max(0, progress.latestBlock - transfer.blockNumber + 1),
  blocksToFinal: Math.max(0, transfer.blockNumber - progress.finalizedBlock),
})
