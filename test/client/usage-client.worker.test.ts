import { exports } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { createUsageClient, type UsageProblem, type UsageResult } from '../../src/client/usage-client.ts'
import { api } from '../support/worker.ts'

const worker = (exports as unknown as { default: Fetcher }).default

function producer(apiKey = 'sandbox_ingest_key') {
  const results: UsageResult[] = []
  const problems: UsageProblem[] = []
  const client = createUsageClient({
    url: 'http://accrue.test',
    apiKey,
    batchEvents: 20,
    fetch: (input, init) => worker.fetch(input, init),
    onAccepted: (accepted) => results.push(...accepted),
    onRejected: (_, problem) => problems.push(problem),
  })
  const outcomes = () => results.map(({ outcome }) => outcome)
  return { client, outcomes, problems }
}

/** Fifty events of two customers: 0.1 of each, so 2.5 of each customer. */
const EVENTS = Array.from({ length: 50 }, (_, i) => ({
  event_id: `sdk-${i}`,
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref: `sdk-${i % 2}`,
  usage_product_ref: 'units',
  quantity: '0.1',
}))

it('what a producer tracks is counted once, however often it is sent', async () => {
  for (const outcome of ['accepted', 'duplicate']) {
    const { client, outcomes, problems } = producer()
    for (const event of EVENTS) client.track(event)
    expect(await client.close()).toEqual({ unsent: [] })
    expect([outcomes(), problems]).toEqual([Array(50).fill(outcome), []])
  }
  const query = 'customer_ref=sdk-1&product_ref=units&from=2024-02-01T00:00:00Z'
  expect((await api('GET', `/api/usage/summary?${query}`)).json.data[0].quantity).toBe('2.5')
})

it('a producer hears why an event, or its key, was refused', async () => {
  const { client, outcomes, problems } = producer()
  client.track({ customer_ref: 'sdk', usage_product_ref: 'units', quantity: 1n })
  client.track({ customer_ref: 'sdk', usage_product_ref: 'units', quantity: 'many' })
  await client.close()
  expect(outcomes()).toEqual(['accepted'])
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'invalid_request',
      errors: [{ path: 'quantity', message: expect.any(String) }],
    }),
  ])
  const stranger = producer('not a key')
  stranger.client.track({ customer_ref: 'sdk', usage_product_ref: 'units', quantity: 1 })
  await stranger.client.close()
  expect(stranger.problems).toEqual([expect.objectContaining({ status: 401, code: 'unauthorized' })])
})
