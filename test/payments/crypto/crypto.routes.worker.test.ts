import { expect, inject, it } from 'vitest'
import { mine } from '../../../sandbox/chain/blocks.ts'
import { watchChains } from '../../../src/payments/crypto/watch.job.ts'
import { openDb } from '../../../src/storage/db.store.ts'
import { api, env } from '../../support/worker.ts'
import { foundSeller, invoiceOf, NOW, pay, walletOf } from './fixture.ts'

const rpcUrl = inject('chainRpcUrl')
const db = openDb(env.DB)
const watching = { ...env, CHAIN_RPC_URLS: JSON.stringify({ 31337: rpcUrl }) }

it('gives out an address, and lists what comes to it', async () => {
  const seller = await foundSeller(db, 'routes', [walletOf(40)])
  const invoice = await invoiceOf(db, seller, 10_050n)
  const path = `/api/invoices/${invoice.number}/deposit-address`
  const asked = await api('POST', path)
  expect(asked.status).toBe(200)
  const [request] = asked.json.crypto
  // 100.50 USD in a token of 6 decimals.
  expect(request).toMatchObject({ chain_id: 31337, token: 'USDC', amount: '100.5', units: '100500000' })
  expect(request.address).toBe(asked.json.address)

  await pay(rpcUrl, request.address, 40_000_000n)
  await mine(rpcUrl, 2)
  await watchChains(watching, NOW)

  const list = await api('GET', `/api/crypto/transfers?invoice_ref=${invoice.id}&state=final`)
  expect(list.json).toMatchObject({
    data: [{ invoice_ref: invoice.id, token: 'USDC', amount: '40', ordinal: 0, state: 'final' }],
    next_cursor: null,
  })
  expect(list.json.data[0].payment_id).toMatch(/^pay_/)

  // 100.50 - 40.00 = 60.50 are still due, at the same address.
  const again = await api('POST', path)
  expect(again.json).toMatchObject({ address: asked.json.address, crypto: [{ amount: '60.5' }] })
})

it('says why an invoice has no address', async () => {
  const seller = await foundSeller(db, 'without', [])
  const invoice = await invoiceOf(db, seller, 100n)
  const answer = await api('POST', `/api/invoices/${invoice.id}/deposit-address`)
  expect([answer.status, answer.json.code]).toEqual([422, 'crypto_not_accepted'])
  expect((await api('POST', '/api/invoices/nothing/deposit-address')).status).toBe(404)
})

it('asks for the scope', async () => {
  const key = 'sandbox_ingest_key'
  expect((await api('GET', '/api/crypto/transfers', { key })).status).toBe(403)
  expect((await api('POST', '/api/invoices/any/deposit-address', { key })).status).toBe(403)
})
