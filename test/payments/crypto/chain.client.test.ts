import { describe, expect, it } from 'vitest'
import { chainRpcUrls, readInParts } from '../../../src/payments/crypto/chain.client.ts'
import type { BlockRange } from '../../../src/payments/crypto/scan.ts'

const blocksOf = ({ from, to }: BlockRange) =>
  Array.from({ length: to - from + 1 }, (_, place) => from + place)

/** A node that answers at most `limit` blocks per question, and nothing from block `brokenFrom` on. */
function node(limit: number, brokenFrom = Number.POSITIVE_INFINITY) {
  const calls: BlockRange[] = []
  const read = async (part: BlockRange) => {
    calls.push(part)
    if (part.to - part.from + 1 > limit || part.to >= brokenFrom) throw new Error('range too large')
    return blocksOf(part)
  }
  return { calls, read }
}

describe('reading blocks in parts', () => {
  it.each([1, 2, 3, 10, 99, 100])(
    'reads every block once from a node that takes %i at a time',
    async (limit) => {
      const range = { from: 1_001, to: 1_100 }
      const { found, readTo } = await readInParts(range, node(limit).read)
      expect(found).toEqual(blocksOf(range))
      expect(readTo).toBe(1_100)
    },
  )

  it('counts what was read before a lasting failure, and stops right before it', async () => {
    const { found, readTo } = await readInParts({ from: 1, to: 100 }, node(10, 42).read)
    expect(found).toEqual(blocksOf({ from: 1, to: 41 }))
    expect(readTo).toBe(41)
  })

  it('fails when not even the first block can be read', async () => {
    await expect(readInParts({ from: 1, to: 100 }, node(10, 1).read)).rejects.toThrow('range too large')
  })

  it('asks a bounded number of questions, and says how far it came', async () => {
    // 10,000 blocks at one a question: 13 halvings (10,000 → 1), then 187 blocks make 200 questions.
    const { calls, read } = node(1)
    const { readTo } = await readInParts({ from: 1, to: 10_000 }, read)
    expect([calls.length, readTo]).toEqual([200, 187])
  })

  it('asks nothing about an empty range', async () => {
    const { calls, read } = node(10)
    expect(await readInParts({ from: 8, to: 7 }, read)).toEqual({ found: [], readTo: 7 })
    expect(calls).toEqual([])
  })
})

describe('the nodes of a deployment', () => {
  it('are read from CHAIN_RPC_URLS', () => {
    const urls = chainRpcUrls({
      CHAIN_RPC_URLS: '{"8453":"https://base.example","1":"https://mainnet.example"}',
    })
    expect(urls.get(8453)).toBe('https://base.example')
    expect(urls.size).toBe(2)
    expect(chainRpcUrls({}).size).toBe(0)
  })

  it('are told apart from nonsense', () => {
    expect(() => chainRpcUrls({ CHAIN_RPC_URLS: 'https://base.example' })).toThrow(
      'CHAIN_RPC_URLS must be JSON',
    )
  })
})
