import type { Wallet } from '../../customers/customer.ts'
import { derivedId } from '../../kernel/id.ts'
import { type AcceptedToken, acceptedTokens } from './deposit.ts'
import type { ChainTransfer, TransferLog } from './transfer.ts'

/** Blocks before the finalized one at which a chain is first read, so that no early payment is missed. */
export const FIRST_LOOKBACK_BLOCKS = 5_000
/** Most blocks of one chain read in one tick; a chain that is further behind catches up over several. */
export const BLOCKS_PER_TICK = 10_000

/** Blocks to read, both ends included. Empty when `to` is before `from`. */
export type BlockRange = { from: number; to: number }
export type ChainHead = { latest: number; finalized: number }

/** By deposit address: the invoice it belongs to, and the tokens taken there on one chain. */
export type WatchList = ReadonlyMap<string, { invoiceId: string; tokens: readonly AcceptedToken[] }>
/** A deposit address with the wallets of the invoice's seller. */
export type WatchedDeposit = {
  address: string
  invoiceId: string
  currency: string
  wallets: readonly Wallet[]
}

export type ScanPlan = {
  /** Transfers told for the first time. */
  fresh: ChainTransfer[]
  /** Transfers known from another block, or that were orphaned and came back. */
  moved: ChainTransfer[]
  /** Transfers that the chain no longer tells of. */
  orphaned: ChainTransfer[]
}

/**
 * What to watch for on a chain. An address counts for every token its seller takes there, whatever the currency: what
 * arrived is a fact, and whether it settles the invoice is for the matcher. The invoice's own currency goes first
 * where a token is listed twice.
 */
export function watchListOf(chainId: number, deposits: readonly WatchedDeposit[]): WatchList {
  const watched = deposits.map(({ address, invoiceId, currency, wallets }) => {
    const here = acceptedTokens(wallets).filter((token) => token.chainId === chainId)
    const inCurrency = here.filter((token) => token.currency === currency)
    return [address, { invoiceId, tokens: [...inCurrency, ...here] }] as const
  })
  return new Map(watched.filter(([, { tokens }]) => tokens.length > 0))
}

/**
 * The blocks that are not settled yet, all read anew in each tick because each may be replaced until it is final.
 *
 * @param settledTo the last block whose transfers are all booked; undefined for a chain never read
 */
export function scanRange(settledTo: number | undefined, head: ChainHead): BlockRange {
  const from = settledTo === undefined ? Math.max(0, head.finalized - FIRST_LOOKBACK_BLOCKS) : settledTo + 1
  return { from, to: Math.min(head.latest, from + BLOCKS_PER_TICK - 1) }
}

/**
 * Compares what the chain tells about a range of blocks with what is stored, and says what to write. A final transfer
 * never changes again, so repeating a scan, or scanning with an older view of the chain, changes nothing that is booked.
 *
 * @param read the last block read, and whether it is the newest: then a transfer not told is on no block at all
 * @param told what `transfersOf` found in the range
 * @param known every stored transfer of the chain that is `seen`, and those that are told
 */
export function planScan(
  read: { to: number; toHead: boolean },
  told: readonly ChainTransfer[],
  known: readonly ChainTransfer[],
): ScanPlan {
  const stored = new Map(known.map((transfer) => [transfer.id, transfer]))
  const toldIds = new Set(told.map((transfer) => transfer.id))
  const isGone = (transfer: ChainTransfer): boolean =>
    transfer.state === 'seen' && !toldIds.has(transfer.id) && (read.toHead || transfer.blockNumber <= read.to)
  const hasMoved = (transfer: ChainTransfer): boolean => {
    const before = stored.get(transfer.id)
    return (
      before?.state === 'orphaned' || (before?.state === 'seen' && before.blockHash !== transfer.blockHash)
    )
  }
  return {
    fresh: told.filter((transfer) => !stored.has(transfer.id)),
    moved: told.filter(hasMoved),
    orphaned: known.filter(isGone),
  }
}

/**
 * The transfers among the logs that create value: an accepted token, to a deposit address, of more than zero (empty
 * transfers are sent to plant look-alike addresses in histories). Numbered within their transaction in log order.
 *
 * @param now becomes `seenAt` of the transfers that are new
 */
export function transfersOf(
  chainId: number,
  logs: readonly TransferLog[],
  watchList: WatchList,
  now: number,
): ChainTransfer[] {
  const nextOrdinal = new Map<string, number>()
  const inOrder = [...logs].sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
  return inOrder.flatMap((log) => {
    const deposit = watchList.get(log.recipient)
    const token = deposit?.tokens.find((accepted) => accepted.address.toLowerCase() === log.token)
    if (!deposit || !token || log.units <= 0n) return []
    const ordinal = nextOrdinal.get(log.txHash) ?? 0
    nextOrdinal.set(log.txHash, ordinal + 1)
    return [chainTransfer(chainId, log, ordinal, deposit.invoiceId, token, now)]
  })
}

const chainTransfer = (
  chainId: number,
  log: TransferLog,
  ordinal: number,
  invoiceId: string,
  { symbol, decimals, currency }: AcceptedToken,
  now: number,
): ChainTransfer => ({
  id: derivedId('xfr', chainId, log.txHash, ordinal),
  chainId,
  txHash: log.txHash,
  ordinal,
  invoiceId,
  token: log.token,
  symbol,
  decimals,
  currency,
  sender: log.sender,
  recipient: log.recipient,
  units: log.units.toString(),
  blockNumber: log.blockNumber,
  blockHash: log.blockHash,
  state: 'seen',
  paymentId: null,
  seenAt: now,
})
