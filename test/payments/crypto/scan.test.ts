import { describe, expect, it } from 'vitest'
import {
  BLOCKS_PER_TICK,
  FIRST_LOOKBACK_BLOCKS,
  planScan,
  scanRange,
  transfersOf,
  watchListOf,
} from '../../../src/payments/crypto/scan.ts'
import type { ChainTransfer, TransferLog } from '../../../src/payments/crypto/transfer.ts'

const USDC = { symbol: 'USDC', address: '0xUSDC', decimals: 6, currency: 'USD' }
const EURC = { symbol: 'EURC', address: '0xEURC', decimals: 6, currency: 'EUR' }
const wallets = [
  {
    id: 'w',
    xpub: 'x',
    chains: [
      { chain_id: 1, tokens: [USDC, EURC] },
      { chain_id: 10, tokens: [EURC] },
    ],
  },
]
const deposits = [
  { address: '0xa', invoiceId: 'inv-a', currency: 'USD', wallets },
  { address: '0xb', invoiceId: 'inv-b', currency: 'EUR', wallets },
]
const watchList = watchListOf(1, deposits)

const log = (more: Partial<TransferLog> = {}): TransferLog => ({
  txHash: '0x1',
  logIndex: 0,
  blockNumber: 100,
  blockHash: '0xblock100',
  token: '0xusdc',
  sender: '0xpayer',
  recipient: '0xa',
  units: 5_000_000n,
  ...more,
})
const told = (...logs: TransferLog[]) => transfersOf(1, logs, watchList, 1_000)
const stored = (more: Partial<ChainTransfer> = {}): ChainTransfer => ({
  ...told(log())[0]!,
  seenAt: 500,
  ...more,
})

describe('the blocks to read', () => {
  it.each([
    [
      'a chain never read: some way before the final block',
      undefined,
      { finalized: 9_000, latest: 9_064 },
      { from: 4_000, to: 9_064 },
    ],
    ['a young chain: from its first block', undefined, { finalized: 3, latest: 5 }, { from: 0, to: 5 }],
    ['everything not settled yet', 9_000, { finalized: 9_010, latest: 9_070 }, { from: 9_001, to: 9_070 }],
    [
      'the same again while nothing moves',
      9_000,
      { finalized: 9_000, latest: 9_064 },
      { from: 9_001, to: 9_064 },
    ],
    [
      'no more than one tick may read',
      1_000,
      { finalized: 50_000, latest: 50_064 },
      { from: 1_001, to: 11_000 },
    ],
    [
      'nothing on a chain of instant finality',
      9_000,
      { finalized: 9_000, latest: 9_000 },
      { from: 9_001, to: 9_000 },
    ],
  ])('%s', (_, settledTo, head, range) => {
    expect(scanRange(settledTo, head)).toEqual(range)
    expect([FIRST_LOOKBACK_BLOCKS, BLOCKS_PER_TICK]).toEqual([5_000, 10_000])
  })

  it('follow each other without a gap, however far behind the chain is', () => {
    const first = scanRange(1_000, { finalized: 50_000, latest: 50_064 })
    expect(scanRange(first.to, { finalized: 50_000, latest: 50_064 }).from).toBe(first.to + 1)
  })
})

describe('the watch list of a chain', () => {
  it('holds each deposit address with the tokens its seller takes there, the currency of the invoice first', () => {
    const tokensOf = (chainId: number, address: string) =>
      watchListOf(chainId, deposits)
        .get(address)
        ?.tokens.map(({ symbol }) => symbol)
    expect(tokensOf(1, '0xb')![0]).toBe('EURC')
    expect(tokensOf(1, '0xa')![0]).toBe('USDC')
    expect(tokensOf(10, '0xa')).toEqual(['EURC'])
  })

  it('is empty for a chain on which nothing is accepted', () => {
    expect(watchListOf(137, deposits).size).toBe(0)
  })
})

describe('what counts as a transfer', () => {
  it.each([
    ['an accepted token to a deposit address', log(), 1],
    ['another currency of the same seller: it is still money that arrived', log({ token: '0xeurc' }), 1],
    ['a token that is not listed', log({ token: '0xfake' }), 0],
    ['nothing of an accepted token: address poisoning', log({ units: 0n }), 0],
    ['an accepted token to somebody else', log({ recipient: '0xc' }), 0],
  ])('%s', (_, one, count) => {
    expect(told(one)).toHaveLength(count)
  })

  it('is numbered within its transaction by the place of its event, however the logs come', () => {
    const first = log({ logIndex: 4, units: 1n })
    const second = log({ logIndex: 9, units: 2n, recipient: '0xb' })
    const elsewhere = log({ txHash: '0x2', logIndex: 5, units: 3n })
    const ordinals = (transfers: ChainTransfer[]) =>
      transfers.map(({ txHash, ordinal, units }) => [txHash, ordinal, units])
    const expected = [
      ['0x1', 0, '1'],
      ['0x2', 0, '3'],
      ['0x1', 1, '2'],
    ]
    expect(ordinals(told(second, elsewhere, first))).toEqual(expected)
  })

  it('keeps its identity in another block', () => {
    const moved = log({ blockNumber: 103, blockHash: '0xblock103', logIndex: 7 })
    expect(told(moved)[0]!.id).toBe(told(log())[0]!.id)
  })
})

describe('a scan', () => {
  const toHead = { to: 110, toHead: true }
  const nothing = { fresh: [], moved: [], orphaned: [] }

  it('finds a transfer for the first time', () => {
    expect(planScan(toHead, told(log()), [])).toEqual({ ...nothing, fresh: told(log()) })
  })

  it.each([
    ['seen before, in the same block', stored()],
    ['booked already', stored({ state: 'final', paymentId: 'pay-1' })],
    [
      'booked already, and told from another block by an old view',
      stored({ state: 'final', blockHash: '0xother' }),
    ],
  ])('changes nothing about a transfer %s', (_, known) => {
    expect(planScan(toHead, told(log()), [known])).toEqual(nothing)
  })

  it.each([
    ['moved to another block', stored({ blockNumber: 99, blockHash: '0xblock99' })],
    ['orphaned and back', stored({ state: 'orphaned' })],
  ])('writes a transfer %s as seen in the block it is in', (_, known) => {
    const plan = planScan(toHead, told(log()), [known])
    expect(plan).toEqual({ ...nothing, moved: told(log()) })
    expect(plan.moved[0]).toMatchObject({ state: 'seen', blockNumber: 100 })
  })

  it.each([
    ['is gone from the range read', { to: 105, toHead: false }, stored(), true],
    ['lies beyond what was read', { to: 99, toHead: false }, stored(), false],
    ['lies beyond the newest block: the chain became shorter', { to: 99, toHead: true }, stored(), true],
    ['is booked: final blocks do not go', { to: 110, toHead: true }, stored({ state: 'final' }), false],
    ['is orphaned already', { to: 110, toHead: true }, stored({ state: 'orphaned' }), false],
  ])('that no longer tells of a transfer that %s', (_, read, known, isOrphaned) => {
    expect(planScan(read, [], [known]).orphaned).toEqual(isOrphaned ? [known] : [])
  })
})
