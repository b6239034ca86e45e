import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { afterEach, expect, it } from 'vitest'
import { startStripeStandIn } from '../../../sandbox/stripe/server.ts'
import { SECRET } from './client.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A stand-in on a port of its own, its webhooks leading to `onEvent`. */
async function start(directory: string, onEvent: (type: string) => void = () => {}) {
  const receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      onEvent(JSON.parse(body).type)
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/stripe`
  const standIn = await startStripeStandIn({
    port: 0,
    dataFile: join(directory, 'stripe.sqlite'),
    webhookUrl,
    webhookSecret: SECRET,
  })
  closers.push(() => new Promise((resolve) => receiver.close(resolve)))
  closers.push(standIn.close)
  const { hostname: host, port } = new URL(standIn.url)
  const stripe = new Stripe('sk_test_key', {
    host,
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 2,
    httpClient: Stripe.createFetchHttpClient(),
  })
  return { ...standIn, stripe }
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'stripe-'))
  closers.push(() => rm(directory, { recursive: true }))
  return directory
}

it('sends its webhooks by itself', async () => {
  const types: string[] = []
  const { stripe } = await start(await newDirectory(), (type) => types.push(type))
  await stripe.customers.create({ name: 'Ada' })
  await expect.poll(() => types).toEqual(['customer.created'])
})

it('knows after a restart what it knew before, idempotency keys included', async () => {
  const directory = await newDirectory()
  const first = await start(directory)
  const made = await first.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'ada' })
  await first.close()
  const second = await start(directory)
  expect((await second.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'ada' })).id).toBe(made.id)
  expect((await second.stripe.customers.list()).data).toHaveLength(1)
})

it('breaks the connection after the work is done; the retry of the client gets the same answer', async () => {
  const { stripe, url } = await start(await newDirectory())
  const fault = JSON.stringify({ mode: 'drop_after_commit', count: 1 })
  await fetch(`${url}/_control/faults`, { method: 'POST', body: fault })
  const { id } = await stripe.customers.create({ name: 'Ada' })
  const { data } = await stripe.customers.list()
  expect(data.map((customer) => customer.id)).toEqual([id])
})
