import type { Address, Hash, PublicClient } from 'viem'
import { parseAbiItem } from 'viem/utils'
import type { Env } from '../../env.ts'
import { Problem } from '../../kernel/problem.ts'
import type { BlockRange, ChainHead } from './scan.ts'
import type { TransferLog } from './transfer.ts'

/** Recipients named in one question; nodes refuse longer lists of topics. */
const ADDRESSES_PER_CALL = 500
/** Most questions for logs of one chain in one tick. */
const LOG_CALLS_MAX = 200
const TIMEOUT_MS = 10_000

const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)')

/** What the watcher asks a chain. */
export type ChainClient = {
  head(): Promise<ChainHead>
  /** Transfers of the tokens to the recipients, up to and including block `readTo`. */
  transfers(
    of: { tokens: readonly string[]; recipients: readonly string[] },
    range: BlockRange,
  ): Promise<{ logs: TransferLog[]; readTo: number }>
  /** The block that a transaction is in, if it is in one. */
  blockOf(txHash: string): Promise<number | undefined>
}

/** The chains that this deployment has a node for, from `CHAIN_RPC_URLS`. */
export function chainRpcUrls(env: Pick<Env, 'CHAIN_RPC_URLS'>): Map<number, string> {
  const urls = parsed(env.CHAIN_RPC_URLS ?? '{}')
  return new Map(Object.entries(urls).map(([chainId, url]) => [Number(chainId), String(url)]))
}

/** Speaks to the node of a chain. viem's client is loaded when first needed: most requests never touch a chain. */
export async function chainClient(chainId: number, url: string): Promise<ChainClient> {
  const { createPublicClient, http } = await import('viem')
  const node = createPublicClient({ transport: http(url, { timeout: TIMEOUT_MS, retryCount: 1 }) })
  return {
    head: () => discreet(chainId, () => headOf(node, chainId)),
    async transfers({ tokens, recipients }, range) {
      const { found, readTo } = await readInParts(range, async (part) => {
        const logs: TransferLog[] = []
        for (const some of chunks(recipients, ADDRESSES_PER_CALL)) {
          logs.push(...(await discreet(chainId, () => logsOf(node, tokens, some, part))))
        }
        return logs
      })
      return { logs: found, readTo }
    },
    blockOf: (txHash) => discreet(chainId, () => blockOf(node, txHash)),
  }
}

/** The full message of an error of viem repeats the URL, and the URLs of nodes carry keys. */
async function discreet<T>(chainId: number, question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    const { BaseError } = await import('viem')
    const reason = error instanceof BaseError ? error.shortMessage : 'the node gave no usable answer'
    throw error instanceof Problem
      ? error
      : new Problem(503, 'chain_not_readable', `Chain ${chainId}: ${reason}`)
  }
}

async function headOf(node: PublicClient, chainId: number): Promise<ChainHead> {
  const id = await node.getChainId()
  if (id !== chainId) {
    throw new Problem(503, 'chain_not_readable', `The node set up for chain ${chainId} is of chain ${id}.`)
  }
  // In this order the finalized block can never be newer than the latest.
  const finalized = await node.getBlock({ blockTag: 'finalized' })
  const latest = await node.getBlock({ blockTag: 'latest' })
  return { latest: Number(latest.number), finalized: Number(finalized.number) }
}

async function logsOf(
  node: PublicClient,
  tokens: readonly string[],
  recipients: readonly string[],
  { from, to }: BlockRange,
): Promise<TransferLog[]> {
  const logs = await node.getLogs({
    address: tokens as Address[],
    event: TRANSFER,
    args: { to: recipients as Address[] },
    strict: true,
    fromBlock: BigInt(from),
    toBlock: BigInt(to),
  })
  return logs.map((log) => ({
    txHash: log.transactionHash.toLowerCase(),
    logIndex: log.logIndex,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash.toLowerCase(),
    token: log.address.toLowerCase(),
    sender: log.args.from.toLowerCase(),
    recipient: log.args.to.toLowerCase(),
    units: log.args.value,
  }))
}

async function blockOf(node: PublicClient, txHash: string): Promise<number | undefined> {
  const { TransactionReceiptNotFoundError } = await import('viem')
  try {
    const { blockNumber } = await node.getTransactionReceipt({ hash: txHash as Hash })
    return Number(blockNumber)
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined
    throw error
  }
}

/**
 * Reads a range of blocks in parts that the node answers: nodes limit blocks or results per question, each in its own
 * way and words, so a part that fails is halved. What was read before a lasting failure counts; failing on the very
 * first block is an error.
 */
export async function readInParts<T>(
  range: BlockRange,
  read: (part: BlockRange) => Promise<T[]>,
): Promise<{ found: T[]; readTo: number }> {
  const found: T[] = []
  let next = range.from
  let span = range.to - range.from + 1
  for (let calls = 0; next <= range.to && calls < LOG_CALLS_MAX; calls++) {
    const to = Math.min(range.to, next + span - 1)
    try {
      found.push(...(await read({ from: next, to })))
      next = to + 1
    } catch (error) {
      if (span === 1 && next === range.from) throw error
      if (span === 1) break
      span = Math.floor(span / 2)
    }
  }
  return { found, readTo: next - 1 }
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, place) =>
    items.slice(place * size, (place + 1) * size),
  )

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(
      503,
      'chain_rpc_urls_malformed',
      'CHAIN_RPC_URLS must be JSON like {"8453":"https://…"}.',
    )
  }
}
