import { expect, it } from 'vitest'
import { startAfresh } from './afresh.ts'
import { event, record } from './meter.ts'
import { api, env } from './worker.ts'

const NOW = Date.parse('2026-01-02')
const EVENT = event('fresh', 'e1', '2026-01-01T00:00:00Z', '1')

/** What a file may leave behind, place by place. */
async function left() {
  const product = await api('GET', '/api/products')
  const clock = await api('GET', '/api/sandbox/clock')
  const { success } = await env.GUESS_RATE.limit({ key: 'a guesser' })
  const [again] = await record(NOW, EVENT)
  return {
    rows: product.json.data.length,
    aheadOfTime: Date.parse(clock.json.now) - Date.now() > 86_400_000,
    event: again?.outcome,
    objects: (await env.ARCHIVE.list()).objects.length,
    isGuesserRefused: !success,
  }
}

it('nothing of one file is found by the next one in the same Worker', async () => {
  await api('POST', '/api/products', { body: { product_ref: 'setup', name: 'Setup', kind: 'one_time' } })
  const nextYear = new Date(Date.now() + 400 * 86_400_000).toISOString()
  await api('POST', '/api/sandbox/clock', { body: { advance_to: nextYear } })
  await record(NOW, EVENT)
  await env.ARCHIVE.put('fresh', 'an object')
  // Twice what an address may guess in a minute: a minute may end on the way.
  for (let guess = 0; guess < 40; guess++) await env.GUESS_RATE.limit({ key: 'a guesser' })
  expect(await left()).toEqual({
    rows: 1,
    aheadOfTime: true,
    event: 'duplicate',
    objects: 1,
    isGuesserRefused: true,
  })

  await startAfresh()
  expect(await left()).toEqual({
    rows: 0,
    aheadOfTime: false,
    event: 'accepted',
    objects: 0,
    isGuesserRefused: false,
  })
})
