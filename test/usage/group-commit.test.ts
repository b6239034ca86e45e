import { describe, expect, it, vi } from 'vitest'
import { GroupCommit } from '../../src/usage/meter/group-commit.ts'

/** Commits are noted as they happen; every item is answered with itself. */
function commits() {
  const groups: string[][] = []
  const group = new GroupCommit<string, string>({
    commit: (items) => {
      if (items.includes('bad')) throw new Error('refused')
      groups.push(items)
      return items
    },
    sizeOf: (item) => item.length,
    now: Date.now,
  })
  return { groups, group }
}

describe('calls that arrive together', () => {
  it('are one commit, each with its own answer', async () => {
    const { groups, group } = commits()
    const answers = Promise.all(['a', 'bc', 'd'].map((item) => group.add(item)))
    expect([group.length, group.size]).toEqual([3, 4])
    expect(await answers).toEqual(['a', 'bc', 'd'])
    expect(groups).toEqual([['a', 'bc', 'd']])
    expect([group.length, group.size]).toEqual([0, 0])
  })

  it('fail together, and those after them do not', async () => {
    const { group } = commits()
    const results = await Promise.allSettled([group.add('a'), group.add('bad')])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await group.add('b')).toBe('b')
  })
})

describe('calls one after the other', () => {
  it('wait for nobody while they are rare, and for each other when they are many', async () => {
    vi.useFakeTimers()
    try {
      const { groups, group } = commits()
      for (let call = 0; call < 25; call++) {
        const answer = group.add('a')
        await vi.advanceTimersByTimeAsync(0)
        expect(await answer).toBe('a')
      }
      expect(groups).toHaveLength(25)
      void group.add('b')
      await vi.advanceTimersByTimeAsync(19)
      void group.add('c')
      expect(groups).toHaveLength(25)
      await vi.advanceTimersByTimeAsync(1)
      expect(groups.at(-1)).toEqual(['b', 'c'])
      // After a second without load there is no waiting again.
      await vi.advanceTimersByTimeAsync(1_000)
      void group.add('d')
      await vi.advanceTimersByTimeAsync(0)
      expect(groups.at(-1)).toEqual(['d'])
    } finally {
      vi.useRealTimers()
    }
  })
})
