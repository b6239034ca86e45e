import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, inject, it, vi } from 'vitest'
import { mine, reorg, sendAgain, signedTransaction } from '../../../sandbox/chain/blocks.ts'
import { allocations } from '../../../src/invoicing/allocations.schema.ts'
import { customerCredits } from '../../../src/invoicing/corrections/customer-credits.schema.ts'
import { findCursor, transfersOfInvoice } from '../../../src/payments/crypto/crypto.store.ts'
import { ensureDepositAddress } from '../../../src/payments/crypto/deposit.job.ts'
import { confirmation } from '../../../src/payments/crypto/transfer.ts'
import { valueTokens } from '../../../src/payments/crypto/value-tokens.job.ts'
import { watchChains } from '../../../src/payments/crypto/watch.job.ts'
import { payments } from '../../../src/payments/payments.schema.ts'
import { openDb } from '../../../src/storage/db.store.ts'
import { api, env } from '../../support/worker.ts'
import { foundSeller, invoiceOf, NOW, pay, walletOf } from './fixture.ts'
import { payTogether } from './pay-together.ts'

const CHAIN_ID = 31337
const rpcUrl = inject('watcherChainRpcUrl')
const db = openDb(env.DB)
const watching = { ...env, CHAIN_RPC_URLS: JSON.stringify({ [CHAIN_ID]: rpcUrl }) }
const watch = (now = NOW) => watchChains(watching, now)

let sellers = 0

/** An invoice of 1,000.00 USD with its deposit address. */
async function invoiceToPay() {
  sellers += 1
  const seller = await foundSeller(db, `seller-${sellers}`, [walletOf(30)])
  const invoice = await invoiceOf(db, seller, 100_000n)
  const deposit = await ensureDepositAddress(db, invoice, seller, NOW)
  return { invoice, address: deposit!.address }
}

async function settle() {
  await mine(rpcUrl, 2)
  return watch()
}

const statesOf = async (invoiceId: string) =>
  (await transfersOfInvoice(db, invoiceId)).map(({ state }) => state)
const bookedFor = (customerRef: string) =>
  db.select().from(payments).where(eq(payments.customerRef, customerRef))
const appliedTo = async (invoiceId: string) =>
  (await db.select().from(allocations).where(eq(allocations.invoiceId, invoiceId))).map(
    ({ amount }) => amount,
  )

afterEach(() => vi.restoreAllMocks())

describe('a payment from a wallet', () => {
  it('is seen at once, booked when final, and booked once however often the chain is read', async () => {
    const { invoice, address } = await invoiceToPay()
    const txHash = await pay(rpcUrl, address, 1_000_000_000n)
    await watch(NOW)
    const [seen] = await transfersOfInvoice(db, invoice.id)
    expect(seen).toMatchObject({
      state: 'seen',
      txHash,
      units: '1000000000',
      symbol: 'USDC',
      paymentId: null,
    })
    // Its block is the newest, and final is two blocks behind.
    expect(confirmation(seen!, seen!)).toEqual({ confirmations: 1, blocksToFinal: 2 })
    expect(await bookedFor(invoice.customerRef)).toEqual([])

    await mine(rpcUrl, 2)
    await Promise.all([watch(NOW + 60_000), watch(NOW + 60_000)])
    await watch(NOW + 120_000)
    const booked = await bookedFor(invoice.customerRef)
    // 12:00 UTC on 20 May is that date in New York too.
    expect(booked).toMatchObject([
      {
        rail: 'crypto',
        externalKey: `31337:${txHash}:0`,
        amount: 100_000n,
        currency: 'USD',
        receivedOn: '2026-05-20',
      },
    ])
    expect(await appliedTo(invoice.id)).toEqual([100_000n])
    const [final] = await transfersOfInvoice(db, invoice.id)
    expect(final).toMatchObject({ state: 'final', paymentId: booked[0]!.id, seenAt: NOW })
    expect(confirmation(final!, final!)).toEqual({ confirmations: 3, blocksToFinal: 0 })
  })

  it('may come in parts; what is too much becomes credit', async () => {
    const { invoice, address } = await invoiceToPay()
    await pay(rpcUrl, address, 400_000_000n)
    await settle()
    expect(await appliedTo(invoice.id)).toEqual([40_000n])
    // 400 + 700 = 1,100 for an invoice of 1,000: 600 of the second settle it, 100 are left.
    await pay(rpcUrl, address, 700_000_000n)
    await settle()
    expect((await appliedTo(invoice.id)).sort()).toEqual([40_000n, 60_000n])
    const credits = await db
      .select()
      .from(customerCredits)
      .where(eq(customerCredits.customerRef, invoice.customerRef))
    expect(credits.map(({ amount }) => amount)).toEqual([10_000n])
  })

  it('is worth whole cents, rounded down; less than a cent is noted and not booked', async () => {
    const { invoice, address } = await invoiceToPay()
    await pay(rpcUrl, address, 1_999_999n)
    await pay(rpcUrl, address, 9_999n)
    await pay(rpcUrl, address, 0n)
    await settle()
    await settle()
    expect((await bookedFor(invoice.customerRef)).map(({ amount }) => amount)).toEqual([199n])
    const transfers = await transfersOfInvoice(db, invoice.id)
    expect(transfers.map(({ units, state }) => [units, state]).sort()).toEqual([
      ['1999999', 'final'],
      ['9999', 'final'],
    ])
  })

  it('may share its transaction with others: each is booked for its own invoice', async () => {
    const [one, two] = [await invoiceToPay(), await invoiceToPay()]
    const txHash = await payTogether(rpcUrl, [
      { to: one.address, units: 10_000_000n },
      { to: two.address, units: 20_000_000n },
      { to: one.address, units: 10_000_000n },
    ])
    await settle()
    const keys = async (customerRef: string) =>
      (await bookedFor(customerRef)).map(({ externalKey, amount }) => [externalKey, amount]).sort()
    expect(await keys(one.invoice.customerRef)).toEqual([
      [`31337:${txHash}:0`, 1_000n],
      [`31337:${txHash}:2`, 1_000n],
    ])
    expect(await keys(two.invoice.customerRef)).toEqual([[`31337:${txHash}:1`, 2_000n]])
  })
})

describe('a block that is replaced', () => {
  it('takes its payments with it; one that comes back later is booked once', async () => {
    const { invoice, address } = await invoiceToPay()
    await mine(rpcUrl, 3)
    const txHash = await pay(rpcUrl, address, 1_000_000_000n)
    const transaction = await signedTransaction(rpcUrl, txHash)
    await watch()
    expect(await statesOf(invoice.id)).toEqual(['seen'])

    await reorg(rpcUrl, 1)
    await settle()
    await settle()
    expect(await statesOf(invoice.id)).toEqual(['orphaned'])
    expect(await bookedFor(invoice.customerRef)).toEqual([])

    await sendAgain(rpcUrl, transaction)
    await watch()
    expect(await statesOf(invoice.id)).toEqual(['seen'])
    await settle()
    await settle()
    expect(await statesOf(invoice.id)).toEqual(['final'])
    expect(await appliedTo(invoice.id)).toEqual([100_000n])
  })

  it('may leave a payment to the next one: it is booked once, from there', async () => {
    const { invoice, address } = await invoiceToPay()
    await mine(rpcUrl, 3)
    const txHash = await pay(rpcUrl, address, 1_000_000_000n)
    const transaction = await signedTransaction(rpcUrl, txHash)
    await mine(rpcUrl, 1)
    await watch()
    const [before] = await transfersOfInvoice(db, invoice.id)

    await reorg(rpcUrl, 2, [{ transaction, block: 1 }])
    await watch()
    const [after] = await transfersOfInvoice(db, invoice.id)
    expect(after).toMatchObject({ state: 'seen', txHash, blockNumber: before!.blockNumber + 1 })
    await settle()
    await settle()
    expect((await bookedFor(invoice.customerRef)).map(({ amount }) => amount)).toEqual([100_000n])
  })
})

describe('a node that fails', () => {
  it('leaves the cursor where it is, and what happened meanwhile is found afterwards', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { invoice, address } = await invoiceToPay()
    await watch()
    const before = await findCursor(db, CHAIN_ID)
    await pay(rpcUrl, address, 1_000_000_000n)
    await mine(rpcUrl, 2)

    const unreachable = { ...env, CHAIN_RPC_URLS: JSON.stringify({ [CHAIN_ID]: 'https://node.test/secret' }) }
    const down = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('connection refused'))
    expect(await watchChains(unreachable, NOW)).toEqual([{ chainId: CHAIN_ID, outcome: 'failed' }])
    expect(await findCursor(db, CHAIN_ID)).toEqual(before)
    expect(logged.mock.calls.join()).toContain('chain could not be read')
    expect(logged.mock.calls.join()).not.toContain('secret')

    down.mockRestore()
    await watch()
    expect(await appliedTo(invoice.id)).toEqual([100_000n])
  })

  it('is not believed when its logs lack a payment that its receipts have', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { invoice, address } = await invoiceToPay()
    await pay(rpcUrl, address, 1_000_000_000n)
    await watch()
    const before = await findCursor(db, CHAIN_ID)
    await mine(rpcUrl, 2)

    const realFetch = globalThis.fetch
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const isLogs = typeof init?.body === 'string' && init.body.includes('eth_getLogs')
      return isLogs ? Response.json({ jsonrpc: '2.0', id: 1, result: [] }) : realFetch(input, init)
    })
    expect(await watch()).toEqual([{ chainId: CHAIN_ID, outcome: 'failed' }])
    expect(await findCursor(db, CHAIN_ID)).toEqual(before)
    expect(await statesOf(invoice.id)).toEqual(['seen'])

    vi.restoreAllMocks()
    await watch()
    expect(await statesOf(invoice.id)).toEqual(['final'])
  })

  it('is not asked for money of another chain', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    sellers += 1
    const wallet = walletOf(31)
    const elsewhere = { ...wallet, chains: wallet.chains.map((chain) => ({ ...chain, chain_id: 8453 })) }
    const seller = await foundSeller(db, `seller-${sellers}`, [elsewhere])
    await ensureDepositAddress(db, await invoiceOf(db, seller, 100n), seller, NOW)
    const mixedUp = { ...env, CHAIN_RPC_URLS: JSON.stringify({ 8453: rpcUrl }) }
    expect(await watchChains(mixedUp, NOW)).toEqual([{ chainId: 8453, outcome: 'failed' }])
    expect(await findCursor(db, 8453)).toBeUndefined()
  })

  it('is not needed where nothing is accepted on the chain', async () => {
    const idle = { ...env, CHAIN_RPC_URLS: JSON.stringify({ 137: 'http://127.0.0.1:1' }) }
    expect(await watchChains(idle, NOW)).toEqual([{ chainId: 137, outcome: 'idle' }])
    expect(await watchChains({ ...env, CHAIN_RPC_URLS: '{}' }, NOW)).toEqual([])
  })
})

describe('tokens of a payment', () => {
  const movements = async (account: string, entityRef: string) =>
    (await api('GET', `/api/ledger/accounts/${account}/entries?entity_ref=${entityRef}`)).json.data.map(
      ({ event, debit, credit }: Record<string, string>) => [event, debit, credit],
    )

  it('stand at par until the rate of their day is known, and leave at their fair value after that', async () => {
    const { invoice, address } = await invoiceToPay()
    await pay(rpcUrl, address, 1_100_000_000n)
    await settle()
    const [booked] = await bookedFor(invoice.customerRef)
    const later = NOW + 86_400_000
    await valueTokens(env, later)
    expect(await movements('crypto_assets', invoice.entityRef)).toEqual([
      ['payment_received', '1100.00', '0.00'],
    ])

    const rates = [{ base: 'USDC', quote: 'USD', date: '2026-05-20', rate: '0.9987' }]
    expect((await api('POST', '/api/fx-rates', { body: { rates } })).json.code).toBe('invalid_fx_rate')
    expect((await api('POST', '/api/fx-rates?source=tokens', { body: { rates } })).json.imported).toBe(1)
    await Promise.all([valueTokens(env, later), valueTokens(env, later)])
    await valueTokens(env, later)
    const refund = { amount: '50.00', reason: 'Too much' }
    await api('POST', `/api/payments/${booked!.id}/refund`, { body: refund })

    // 1,100.00 x 0.9987 = 1,098.57; of 50.00 refunded 1,098.57 x 50 / 1,100 = 49.935, half up 49.94.
    expect(await movements('crypto_assets', invoice.entityRef)).toEqual([
      ['payment_received', '1100.00', '0.00'],
      ['tokens_valued', '0.00', '1.43'],
      ['payment_refunded', '0.00', '49.94'],
    ])
    expect(await movements('fx_gain_loss', invoice.entityRef)).toEqual([
      ['tokens_valued', '1.43', '0.00'],
      ['payment_refunded', '0.00', '0.06'],
    ])
    expect(await appliedTo(invoice.id)).toEqual([100_000n])
    const recomputed = await api('GET', '/api/ledger/recomputed?cursor=tokens:0')
    expect(recomputed.json).toMatchObject({ facts: 'tokens', missing: [], surplus: [], different: [] })
    expect(recomputed.json.checked).toBeGreaterThan(0)
  })
})
