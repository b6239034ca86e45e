import { describe, expect, it } from 'vitest'
import type { Env } from '../../src/env.ts'
import { askMeter } from '../../src/usage/ask-meter.job.ts'

/** A namespace whose meters fail with these errors, one call after the other, and then answer. */
function meters(...errors: object[]) {
  const calls: string[] = []
  const list = () => {
    const error = errors[calls.length - 1]
    if (error) throw Object.assign(new Error('cut off'), error)
    return Promise.resolve('answer')
  }
  const getByName = (name: string) => {
    calls.push(name)
    return { list }
  }
  return { calls, env: { USAGE_METER: { getByName } } as unknown as Env }
}

const ask = (env: Env) => askMeter(env, 'acme', async (meter) => meter.list({ limit: 1 }) as unknown)

describe('calling a meter', () => {
  it('takes a new stub after a call that was cut off', async () => {
    const { env, calls } = meters({ retryable: true }, { retryable: true })
    expect(await ask(env)).toBe('answer')
    expect(calls).toEqual(['acme', 'acme', 'acme'])
  })

  it.each([
    ['is overloaded', [{ overloaded: true, retryable: true }], 1],
    ['waits for another that is', [{ code: 'meter_busy' }], 1],
    ['is cut off again and again', [{ retryable: true }, { retryable: true }, { retryable: true }], 3],
  ])('says when to come back where the meter %s', async (_, errors, attempts) => {
    const { env, calls } = meters(...errors)
    await expect(ask(env)).rejects.toMatchObject({
      status: 503,
      code: 'meter_busy',
      headers: { 'retry-after': '2' },
    })
    expect(calls).toHaveLength(attempts)
  })

  it('does not hide a fault', async () => {
    const { env } = meters({})
    await expect(ask(env)).rejects.toThrow('cut off')
  })
})
