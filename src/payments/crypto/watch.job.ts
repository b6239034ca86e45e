import type { Env } from '../../env.ts'
import { localDate } from '../../kernel/calendar.ts'
import { Problem } from '../../kernel/problem.ts'
import { logError } from '../../log.ts'
import { commit, type Db, openDb } from '../../storage/db.store.ts'
import type { Payment } from '../payment.ts'
import { receivePayment } from '../receive.job.ts'
import { type ChainClient, chainClient, chainRpcUrls } from './chain.client.ts'
import {
  findCursor,
  knownTransfers,
  markFinal,
  saveCursor,
  saveScan,
  unbookedTransfers,
} from './crypto.store.ts'
import { allDeposits, type DepositFacts } from './deposit.store.ts'
import { type BlockRange, planScan, scanRange, transfersOf, type WatchList, watchListOf } from './scan.ts'
import { tokenValue } from './token.ts'
import { insertReceipt } from './token-receipts.store.ts'
import { type ChainTransfer, transferKey } from './transfer.ts'

/** Most transfers of one chain booked in one tick; the cursor waits for the others. */
const BOOKINGS_PER_TICK = 100

export type ChainWatch = { chainId: number; outcome: 'idle' | 'read' | 'failed'; settledTo?: number }

/**
 * Reads what has happened on each chain since it was last read: a transfer to a deposit address is told as seen at
 * once, and booked as a payment when its block is final. A chain that fails keeps its cursor, so its blocks are read
 * again in the next tick, and does not keep the others from being read.
 */
export async function watchChains(env: Env, now: number): Promise<ChainWatch[]> {
  const urls = chainRpcUrls(env)
  if (urls.size === 0) return []
  const db = openDb(env.DB)
  const deposits = await allDeposits(db)
  const watches: ChainWatch[] = []
  for (const [chainId, url] of urls) {
    try {
      watches.push(await watchChain(db, chainId, url, deposits, now))
    } catch (error) {
      logError(error, { job: 'watchChains', what: 'a chain could not be read', chainId })
      watches.push({ chainId, outcome: 'failed' })
    }
  }
  return watches
}

async function watchChain(
  db: Db,
  chainId: number,
  url: string,
  deposits: readonly DepositFacts[],
  now: number,
): Promise<ChainWatch> {
  const watchList = watchListOf(chainId, deposits)
  if (watchList.size === 0) return { chainId, outcome: 'idle' }
  const chain = await chainClient(chainId, url)
  const head = await chain.head()
  const range = scanRange((await findCursor(db, chainId))?.finalizedBlock, head)
  const { logs, readTo } = await chain.transfers(asked(watchList), range)

  const told = transfersOf(chainId, logs, watchList, now)
  const known = await knownTransfers(db, chainId, told)
  const plan = planScan({ to: readTo, toHead: readTo >= head.latest }, told, known)
  await refuseGaps(chain, plan.orphaned, { from: range.from, to: readTo }, watchList)
  await commit(db, saveScan(db, plan))

  const settledTo = await bookFinal(db, chainId, Math.min(head.finalized, readTo), deposits, now)
  await commit(
    db,
    saveCursor(db, { chainId, finalizedBlock: settledTo, latestBlock: head.latest, readAt: now }),
  )
  return { chainId, outcome: 'read', settledTo }
}

const asked = (watchList: WatchList) => ({
  tokens: [...new Set([...watchList.values()].flatMap(({ tokens }) => tokens.map(({ address }) => address)))],
  recipients: [...watchList.keys()],
})

/**
 * A node that answers from a copy which is behind leaves logs out without saying so, and the cursor would pass over
 * money. So a transfer that is missing is asked for by its receipt: if that is in a block just read, nothing of this
 * answer is believed.
 */
async function refuseGaps(
  chain: ChainClient,
  missing: readonly ChainTransfer[],
  read: BlockRange,
  watchList: WatchList,
): Promise<void> {
  for (const { txHash, token, recipient, chainId } of missing) {
    const isWatched = watchList.get(recipient)?.tokens.some(({ address }) => address.toLowerCase() === token)
    const block = isWatched ? await chain.blockOf(txHash) : undefined
    if (block === undefined || block < read.from || block > read.to) continue
    throw new Problem(
      503,
      'chain_not_readable',
      `Chain ${chainId}: the logs of block ${block} lack ${txHash}.`,
    )
  }
}

/**
 * Books what is final, the oldest first, and answers the last block with nothing left to book. One transfer that
 * cannot be booked holds the cursor before its block; the others are booked all the same.
 */
async function bookFinal(
  db: Db,
  chainId: number,
  finalTo: number,
  deposits: readonly DepositFacts[],
  now: number,
): Promise<number> {
  const byInvoice = new Map(deposits.map((deposit) => [deposit.invoiceId, deposit]))
  const due = await unbookedTransfers(db, chainId, finalTo, BOOKINGS_PER_TICK + 1)
  const left = due.slice(BOOKINGS_PER_TICK)
  for (const transfer of due.slice(0, BOOKINGS_PER_TICK)) {
    try {
      await book(db, transfer, byInvoice.get(transfer.invoiceId), now)
    } catch (error) {
      logError(error, {
        job: 'watchChains',
        what: 'a transfer could not be booked',
        transfer: transferKey(transfer),
      })
      left.push(transfer)
    }
  }
  return Math.min(finalTo, ...left.map(({ blockNumber }) => blockNumber - 1))
}

async function book(
  db: Db,
  transfer: ChainTransfer,
  deposit: DepositFacts | undefined,
  now: number,
): Promise<void> {
  if (!deposit) throw new Error(`no invoice ${transfer.invoiceId} for a deposit address`)
  const amount = tokenValue(BigInt(transfer.units), transfer.decimals, transfer.currency)
  if (amount === 0n) return commit(db, markFinal(db, transfer.id, null))
  const received = {
    rail: 'crypto' as const,
    externalKey: transferKey(transfer),
    entityRef: deposit.entityRef,
    customerRef: deposit.customerRef,
    currency: transfer.currency,
    amount,
    receivedOn: localDate(transfer.seenAt, deposit.timezone),
    payer: { account: transfer.sender },
    reference: '',
    invoiceId: transfer.invoiceId,
  }
  const markedFinal = (payment: Payment) => markFinal(db, transfer.id, payment.id)
  const alongside = (payment: Payment) => [
    ...markedFinal(payment),
    ...insertReceipt(db, transfer.symbol, payment),
  ]
  const { payment, outcome } = await receivePayment(db, received, now, { alongside })
  if (outcome === 'duplicate') await commit(db, markedFinal(payment))
}
