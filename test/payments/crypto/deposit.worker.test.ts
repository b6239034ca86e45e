import { describe, expect, it } from 'vitest'
import { testXpub } from '../../../sandbox/chain/wallet.ts'
import { ensureDepositAddress } from '../../../src/payments/crypto/deposit.job.ts'
import { depositAddress } from '../../../src/payments/crypto/wallet.ts'
import { openDb } from '../../../src/storage/db.store.ts'
import { api, env } from '../../support/worker.ts'
import { foundSeller, invoiceOf, NOW, walletOf } from './fixture.ts'

const db = openDb(env.DB)

describe('the deposit address of an invoice', () => {
  it('is derived at the next index of the wallet, and stays when asked for again', async () => {
    const seller = await foundSeller(db, 'one', [walletOf(20)])
    const first = await invoiceOf(db, seller, 100n)
    const second = await invoiceOf(db, seller, 100n)
    const deposits = [
      await ensureDepositAddress(db, first, seller, NOW),
      await ensureDepositAddress(db, second, seller, NOW),
      await ensureDepositAddress(db, first, seller, NOW + 1),
    ]
    expect(deposits.map((deposit) => deposit?.derivationIndex)).toEqual([0, 1, 0])
    expect(deposits[1]?.address).toBe(depositAddress(testXpub(20), 1))
    expect(deposits[2]).toEqual(deposits[0])
  })

  it('is one for each invoice, with no index left out, when many ask at once', async () => {
    const seller = await foundSeller(db, 'many', [walletOf(21)])
    const invoices = await Promise.all([1, 2, 3, 4].map(() => invoiceOf(db, seller, 100n)))
    const asked = [...invoices, ...invoices].map((invoice) => ensureDepositAddress(db, invoice, seller, NOW))
    const indexes = (await Promise.all(asked)).map((deposit) => deposit?.derivationIndex)
    expect(indexes.slice(0, 4)).toEqual(indexes.slice(4))
    expect(indexes.slice(0, 4).sort()).toEqual([0, 1, 2, 3])
  })

  it('comes from one counter when two sellers share a key', async () => {
    const [left, right] = [
      await foundSeller(db, 'left', [walletOf(22)]),
      await foundSeller(db, 'right', [walletOf(22)]),
    ]
    const a = await ensureDepositAddress(db, await invoiceOf(db, left, 100n), left, NOW)
    const b = await ensureDepositAddress(db, await invoiceOf(db, right, 100n), right, NOW)
    expect([a?.derivationIndex, b?.derivationIndex]).toEqual([0, 1])
  })

  it('begins anew when the wallet changes its key', async () => {
    const seller = await foundSeller(db, 'rotating', [walletOf(23)])
    const before = await ensureDepositAddress(db, await invoiceOf(db, seller, 100n), seller, NOW)
    const rotated = { wallets: [walletOf(24)] }
    const after = await ensureDepositAddress(db, await invoiceOf(db, seller, 100n), rotated, NOW)
    expect([before?.derivationIndex, after?.derivationIndex]).toEqual([0, 0])
    expect(after?.address).not.toBe(before?.address)
  })

  it('keeps its token in the list of the seller: the key may change and tokens may be added, none may go', async () => {
    const seller = await foundSeller(db, 'keeping', [walletOf(26)])
    const edit = (wallets: unknown[]) => api('POST', '/api/entities/edit/keeping', { body: { wallets } })
    const [wallet] = seller.wallets
    const other = { ...wallet!.chains[0]!, chain_id: 8453 }
    expect((await edit([])).status).toBe(200)
    expect((await edit([wallet])).status).toBe(200)

    await ensureDepositAddress(db, await invoiceOf(db, seller, 100n), seller, NOW)
    for (const wallets of [[], [{ ...wallet, chains: [other] }]]) {
      const refused = await edit(wallets)
      expect([refused.status, refused.json.code]).toEqual([409, 'token_in_use'])
    }
    expect((await edit([{ ...walletOf(27), chains: [...wallet!.chains, other] }])).status).toBe(200)
  })

  it('does not exist where nobody wants or takes tokens for the invoice', async () => {
    const seller = await foundSeller(db, 'none', [walletOf(25)])
    const inEuro = await invoiceOf(db, seller, 100n, { currency: 'EUR' })
    const byWire = await invoiceOf(db, seller, 100n, { paymentMethods: ['wire'] })
    const invoice = await invoiceOf(db, seller, 100n)
    expect(await ensureDepositAddress(db, inEuro, seller, NOW)).toBeUndefined()
    expect(await ensureDepositAddress(db, byWire, seller, NOW)).toBeUndefined()
    expect(await ensureDepositAddress(db, invoice, { wallets: [] }, NOW)).toBeUndefined()
  })
})
