import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { contracts } from '../../src/contracts/contracts.schema.ts'
import { creditGrants, creditMovements } from '../../src/credits/credits.schema.ts'
import { findCredit, insertGrants } from '../../src/credits/credits.store.ts'
import { lapseCredits } from '../../src/credits/lapse.job.ts'
import { creditGivenBack, insertReinstated } from '../../src/credits/reinstate.store.ts'
import type { Env } from '../../src/env.ts'
import { allocations } from '../../src/invoicing/allocations.schema.ts'
import { closeClaimed } from '../../src/invoicing/cycle/cycle.job.ts'
import { invoices } from '../../src/invoicing/invoicing.schema.ts'
import { sum } from '../../src/kernel/money.ts'
import { journalEntries, postings } from '../../src/ledger/ledger.schema.ts'
import { commit } from '../../src/storage/db.store.ts'
import { flat } from '../invoicing/closing.ts'
import { db, tick, writeContract } from '../invoicing/rows.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { api, env } from '../support/worker.ts'
import { at, grantOf, paidGrant } from './grants.ts'

const SEATS = termsOf([sold('seats', flat('80.00'))])

const grant = (body: Record<string, unknown>) =>
  api('POST', '/api/credits/grant', { body: { currency: 'USD', amount: '100.00', ...body } })

/** The grants of a contract's customer with the contract's own seller. */
const owned = (contractRef: string) => ({
  customerRef: `customer-${contractRef}`,
  entityRef: `seller-${contractRef}`,
})
const write = (...grants: Parameters<typeof insertGrants>[1]) => commit(db, insertGrants(db, grants))

const movementsOf = async (ref: string) =>
  (await findCredit(db, ref))!.movements.map(({ kind, amount }) => [kind, amount])

const entriesOf = async (sourceId: string) =>
  (
    await db
      .select({ event: journalEntries.event, account: postings.account, amount: postings.amount })
      .from(journalEntries)
      .innerJoin(postings, eq(postings.entryId, journalEntries.id))
      .where(eq(journalEntries.sourceId, sourceId))
  ).map(({ event, account, amount }) => [event, account, amount])

/** An environment whose database loses its connection at the n-th batch. */
const crashingAt = (batchNo: number) => {
  let batches = 0
  const batch: D1Database['batch'] = async (statements) => {
    batches += 1
    if (batches >= batchNo) throw new Error('the connection is gone')
    return env.DB.batch(statements)
  }
  return { ...env, DB: { prepare: (query: string) => env.DB.prepare(query), batch } } as unknown as Env
}

describe('the API of credit', () => {
  it('grants paid credit once, and posts what was received for it', async () => {
    await writeContract('buys', SEATS)
    const order = {
      credit_ref: 'pack-1',
      customer_ref: 'customer-buys',
      entity_ref: 'seller-buys',
      kind: 'paid',
      amount: '120.00',
      cost_basis: '100.00',
      received_in: 'bank_clearing',
    }
    const first = await grant(order)
    expect([first.status, first.json.balance, first.json.before_tax]).toEqual([201, '120.00', false])
    const again = await grant(order)
    expect([again.status, again.json]).toEqual([200, first.json])
    expect((await grant({ ...order, cost_basis: '90.00' })).json.code).toBe('credit_exists')
    expect(await entriesOf('pack-1')).toEqual([
      ['credit_sold', 'bank_clearing', 10_000n],
      ['credit_sold', 'customer_credit', -10_000n],
    ])
    expect((await api('GET', '/api/credits/pack-1')).json).toEqual(first.json)
    expect((await api('GET', '/api/credits?customer_ref=customer-buys')).json.data).toHaveLength(1)
    expect((await api('GET', '/api/credits/balance?customer_ref=customer-buys')).json.data).toEqual([
      {
        currency: 'USD',
        balance: '120.00',
        paid: '120.00',
        upcoming: '0.00',
        awaiting_payment: '0.00',
        owed: '100.00',
        next_expiry: null,
      },
    ])
  })

  it('takes back what is left, and asks what becomes of the money', async () => {
    await writeContract('returns', SEATS)
    const customer = { customer_ref: 'customer-returns', entity_ref: 'seller-returns' }
    await grant({ ...customer, credit_ref: 'pack-2', kind: 'paid', cost_basis: '50.00' })
    const unsettled = await api('POST', '/api/credits/void/pack-2', { body: {} })
    expect([unsettled.status, unsettled.json.code]).toEqual([422, 'settlement_missing'])
    const body = { settlement: 'refund', amount: '40.00', reason: 'asked for it' }
    const part = await api('POST', '/api/credits/void/pack-2', { body })
    const { balance, voided, owed } = part.json
    expect([part.status, balance, voided, owed]).toEqual([200, '60.00', '40.00', '30.00'])
    const rest = { body: { settlement: 'forfeit' } }
    for (let time = 1; time <= 2; time++) {
      const { status, json } = await api('POST', '/api/credits/void/pack-2', rest)
      expect([status, json.balance, json.movements.length]).toEqual([200, '0.00', 2])
    }
    const [refunded, kept] = (await findCredit(db, 'pack-2'))!.movements
    // 50.00 × 40/100, and the rest.
    expect(await entriesOf(refunded!.id)).toEqual([
      ['credit_voided', 'customer_credit', 2_000n],
      ['credit_voided', 'manual_clearing', -2_000n],
    ])
    expect(await entriesOf(kept!.id)).toEqual([
      ['credit_voided', 'customer_credit', 3_000n],
      ['credit_voided', 'revenue', -3_000n],
    ])
  })

  it.each([
    ['an amount of nothing', { amount: '0' }, 'amount'],
    ['fractions of a cent', { amount: '1.005' }, 'amount'],
    ['more than the books hold', { amount: '9'.repeat(30) }, 'amount'],
    ['a price above its amount', { kind: 'paid', cost_basis: '100.01' }, 'cost_basis'],
    ['a price of promotional credit', { cost_basis: '1.00' }, 'cost_basis'],
    [
      'an end before its beginning',
      { effective_at: '2026-02-01T00:00:00Z', expires_at: '2026-02-01T00:00:00Z' },
      'expires_at',
    ],
    [
      'a series with an end of its own',
      { recurrence: { unit: 'MONTHLY' }, expires_at: '2999-01-01T00:00:00Z' },
      'expires_at',
    ],
    [
      'a series that began long ago',
      { recurrence: { unit: 'DAILY' }, effective_at: '2000-01-01T00:00:00Z' },
      'effective_at',
    ],
    ['a series that someone pays for', { kind: 'paid', recurrence: { unit: 'MONTHLY' } }, 'recurrence'],
  ])('refuses %s', async (_, more, path) => {
    const { status, json } = await grant({
      customer_ref: 'customer-buys',
      entity_ref: 'seller-buys',
      ...more,
    })
    expect([status, json.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [path]])
  })

  it('refuses unknown customers and grants', async () => {
    expect((await grant({ customer_ref: 'nobody' })).json.code).toBe('customer_not_found')
    expect((await grant({ customer_ref: 'customer-buys' })).json.code).toBe('entity_missing')
    expect((await api('GET', '/api/credits/nothing')).json.code).toBe('credit_not_found')
    expect((await api('POST', '/api/credits/void/nothing', { body: {} })).status).toBe(404)
  })
})

describe('credit and invoices', () => {
  it('pays an invoice in its batch, and shows so before without a trace', async () => {
    await writeContract('pays', SEATS)
    await write(paidGrant({ ref: 'pays-1', ...owned('pays') }))
    const current = (await api('GET', '/api/contracts/invoices/current/pays')).json.data[0]
    expect([current.total, current.credits_amount]).toEqual(['80.00', '80.00'])
    const next = (await api('GET', '/api/contracts/invoices/next/pays')).json.data[0]
    expect([next.total, next.credits_amount]).toEqual(['80.00', '20.00'])
    expect(await movementsOf('pays-1')).toEqual([])

    await tick('2026-01-01T00:01:00Z')
    await tick('2026-01-01T00:02:00Z')
    const [invoice] = await db.select().from(invoices).where(eq(invoices.contractRef, 'pays'))
    expect(await movementsOf('pays-1')).toEqual([['burnt', 8_000n]])
    const shown = (await api('GET', `/api/invoices/${invoice!.id}`)).json
    expect([shown.state, shown.total, shown.amount_due]).toEqual(['PAID', '80.00', '0.00'])
    expect(await db.select().from(allocations).where(eq(allocations.invoiceId, invoice!.id))).toMatchObject([
      { kind: 'credit', grantId: 'pays-1', paymentId: null, amount: 8_000n },
    ])
    const [movement] = (await findCredit(db, 'pays-1'))!.movements
    expect(await entriesOf(movement!.id)).toEqual([
      ['credit_burnt', 'customer_credit', 8_000n],
      ['credit_burnt', 'accounts_receivable', -8_000n],
    ])

    await tick('2026-02-01T00:01:00Z')
    const [latest] = (await api('GET', '/api/invoices?contract_ref=pays')).json.data
    expect([latest.state, latest.total, latest.amount_due]).toEqual(['PARTIALLY_PAID', '80.00', '60.00'])
    const { pathname } = new URL(latest.hosted_url)
    const page = (await api('GET', pathname, { key: null })).text
    expect(page).toMatch(/Credit<.*−\$20\.00.*Amount due<.*\$60\.00/s)

    const voided = { reason: 'wrong', actor: 'Ann', at: at('2026-01-02') }
    for (let time = 1; time <= 2; time++) {
      await commit(db, insertReinstated(db, await creditGivenBack(db, invoice!.id, voided), voided.at))
    }
    expect(await movementsOf('pays-1')).toEqual([
      ['burnt', 8_000n],
      ['burnt', 2_000n],
      ['reinstated', 8_000n],
    ])
  })

  it('is never spent twice by two invoices at the same time', async () => {
    const refs = ['twin-1', 'twin-2']
    for (const ref of refs) await writeContract(ref, SEATS, { seller: 'seller-twin-1' })
    await write(paidGrant({ ref: 'shared', ...owned('twin-1') }))
    const now = at('2026-01-01T00:01:00Z')
    await Promise.all(
      refs.map(async (ref) => {
        const claim = { claimToken: `token-${ref}`, claimedUntil: now + 1, customerRef: 'customer-twin-1' }
        await db.update(contracts).set(claim).where(eq(contracts.ref, ref))
        await closeClaimed(env, claim, now)
      }),
    )
    // 80.00 and the 20.00 that were left.
    const amounts = (await movementsOf('shared')).map(([, amount]) => amount as bigint)
    expect([amounts.length, sum(amounts)]).toEqual([2, 10_000n])
    const paid = await db.select().from(allocations).where(eq(allocations.grantId, 'shared'))
    expect(paid.map(({ amount }) => amount).sort()).toEqual([2_000n, 8_000n])
  })

  it('cannot be overdrawn, changed or taken out of the record, whoever tries', async () => {
    await write(grantOf({ ref: 'guarded', amount: 100n, ...owned('twin-1') }))
    const burnt = (sequence: number, amount: bigint) =>
      db.insert(creditMovements).values({
        grantRef: 'guarded',
        sequence,
        id: `guarded-${sequence}`,
        kind: 'burnt',
        amount,
        released: 0n,
        actor: 'x',
        at: 0,
      })
    const guarded = eq(creditMovements.grantRef, 'guarded')
    await burnt(1, 60n)
    const said = (problem: string) => ({ cause: { message: expect.stringContaining(problem) } })
    await expect(burnt(2, 41n)).rejects.toMatchObject(said('credit is overdrawn'))
    await expect(burnt(1, 1n)).rejects.toMatchObject(said('UNIQUE constraint failed'))
    await expect(db.update(creditMovements).set({ amount: 1n }).where(guarded)).rejects.toMatchObject(
      said('append-only'),
    )
    await expect(db.delete(creditMovements).where(guarded)).rejects.toMatchObject(said('append-only'))
    await expect(db.delete(creditGrants).where(eq(creditGrants.ref, 'guarded'))).rejects.toMatchObject(
      said('granted credit never changes'),
    )
  })
})

describe('time and credit', () => {
  it('goes on and lapses once, also when it was stopped half-way', async () => {
    await writeContract('series', SEATS)
    const rollover = { sharePercent: '100', cap: '3000' }
    await write(
      grantOf({
        ref: 'monthly',
        expiresAt: at('2026-02-01'),
        recurrence: { unit: 'MONTHLY', every: 1, anchor: '2026-01-01', until: null, rollover },
        ...owned('series'),
      }),
      paidGrant({ ref: 'lapsing', expiresAt: at('2026-02-01'), ...owned('series') }),
    )

    const now = at('2026-03-10')
    await expect(lapseCredits(crashingAt(2), now)).rejects.toThrow('the connection is gone')
    for (let time = 1; time <= 2; time++) await lapseCredits(env, now)
    const listed = (await api('GET', '/api/credits?customer_ref=customer-series')).json.data
    type Shown = Record<'source' | 'effective_at' | 'balance' | 'expired' | 'rolled_over', string>
    expect(
      listed
        .map((one: Shown) => [
          one.source,
          one.effective_at.slice(0, 10),
          one.balance,
          one.expired,
          one.rolled_over,
        ])
        .sort(),
    ).toEqual([
      ['granted', '2026-01-01', '0.00', '100.00', '0.00'],
      ['granted', '2026-01-01', '0.00', '70.00', '30.00'],
      ['recurring', '2026-02-01', '0.00', '70.00', '30.00'],
      ['recurring', '2026-03-01', '100.00', '0.00', '0.00'],
      // What January left was good for February; what February left is good for March.
      ['rollover', '2026-02-01', '0.00', '30.00', '0.00'],
      ['rollover', '2026-03-01', '30.00', '0.00', '0.00'],
    ])
    const [expired] = (await findCredit(db, 'lapsing'))!.movements
    expect(await entriesOf(expired!.id)).toEqual([
      ['credit_expired', 'customer_credit', 10_000n],
      ['credit_expired', 'revenue', -10_000n],
    ])
  })

  it('ends with a series that was taken back', async () => {
    await writeContract('stopped', SEATS)
    const { json } = await grant({
      customer_ref: 'customer-stopped',
      entity_ref: 'seller-stopped',
      credit_ref: 'stopped',
      recurrence: { unit: 'MONTHLY', rollover: { cap: '30.00' } },
    })
    expect(json.recurrence.rollover).toEqual({ share_percent: '100', cap: '30.00' })
    const end = Date.parse(json.expires_at)
    expect(end).toBeGreaterThan(Date.parse(json.effective_at))
    await api('POST', '/api/credits/void/stopped', { body: {} })
    await lapseCredits(env, end + 1)
    expect((await api('GET', '/api/credits?customer_ref=customer-stopped')).json.data).toHaveLength(1)
  })
})
