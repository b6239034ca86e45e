import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { outbox } from '../../src/delivery/delivery.schema.ts'
import type { Effects } from '../../src/delivery/effect.ts'
import { deliver, dispatchOutbox, type EffectContext } from '../../src/delivery/outbox.job.ts'
import { countPending, enqueue } from '../../src/delivery/outbox.store.ts'
import { ATTEMPTS_MAX, backoffMs } from '../../src/delivery/outbox.ts'
import type { Env, OutboxNotice } from '../../src/env.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)
const NOW = Date.UTC(2026, 0, 1)

/** An environment whose outbox queue only writes down what is sent, so that the test plays the queue. */
function listening() {
  const sent: OutboxNotice[] = []
  const OUTBOX = {
    sendBatch: async (messages: Iterable<{ body: OutboxNotice }>) => {
      for (const { body } of messages) sent.push(body)
    },
  }
  return { sent, env: { ...env, OUTBOX } as unknown as Env }
}

/** Effects of which only the receipt does anything. */
const receipts = (effect: (allocationId: string) => Promise<void>) =>
  ({
    receipt_mail: (_: EffectContext, payload: { allocationId: string }) => effect(payload.allocationId),
  }) as unknown as Effects<EffectContext>

const ask = (id: string) =>
  commit(db, enqueue(db, [{ id, topic: 'receipt_mail', payload: { allocationId: id }, dueAt: NOW }], NOW))

const rowOf = async (id: string) => (await db.select().from(outbox).where(eq(outbox.id, id)))[0]!

describe('the outbox', () => {
  it('carries an effect out once, though asked for twice and delivered three times', async () => {
    const { sent, env: listeningEnv } = listening()
    await ask('once')
    await ask('once')
    await dispatchOutbox(listeningEnv, NOW)
    await dispatchOutbox(listeningEnv, NOW)
    expect(sent).toEqual([{ outboxId: 'once', attempt: 0 }])

    const done: string[] = []
    const effects = receipts(async (id) => void done.push(id))
    const notice = sent[0]!
    await Promise.all([1, 2, 3].map(() => deliver({ env, db, now: NOW }, effects, notice)))
    expect(done).toEqual(['once'])
    expect((await rowOf('once')).state).toBe('done')
    expect(await countPending(db, NOW)).toBe(0)
  })

  it('sends a message again when the first was lost, after its lease has run out', async () => {
    const { sent, env: listeningEnv } = listening()
    await ask('lost')
    await dispatchOutbox(listeningEnv, NOW)
    await dispatchOutbox(listeningEnv, NOW + 4 * 60_000)
    expect(sent).toHaveLength(1)
    await dispatchOutbox(listeningEnv, NOW + 6 * 60_000)
    expect(sent).toHaveLength(2)
    await deliver(
      { env, db, now: NOW },
      receipts(async () => {}),
      sent[1]!,
    )
  })

  it('waits longer after each failure, then parks the row with its reason', async () => {
    await ask('failing')
    const effects = receipts(async () => {
      throw new Error('the mail server is away')
    })
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      await deliver({ env, db, now: NOW }, effects, { outboxId: 'failing', attempt })
      const row = await rowOf('failing')
      if (attempt < ATTEMPTS_MAX - 1) expect(row.dueAt).toBe(NOW + backoffMs(attempt + 1))
    }
    expect(await rowOf('failing')).toMatchObject({ state: 'parked', lastError: 'the mail server is away' })
  })

  it('shows what is parked, and begins its attempts anew when a person asks', async () => {
    const parked = async () =>
      (await api('GET', '/api/parked-effects')).json.data.map(
        ({ effect_id }: { effect_id: string }) => effect_id,
      )
    expect(await parked()).toEqual(['failing'])
    const { status, json } = await api('POST', '/api/parked-effects/failing/send_again')
    expect([status, json]).toMatchObject([
      200,
      { topic: 'receipt_mail', about: { allocationId: 'failing' }, last_error: 'the mail server is away' },
    ])
    expect(await parked()).toEqual([])
    expect((await rowOf('failing')).attempts).toBeLessThan(ATTEMPTS_MAX)
    expect((await api('POST', '/api/parked-effects/failing/send_again')).status).toBe(404)
    const { data } = (await api('GET', '/api/audit-log')).json
    expect(data[0]).toMatchObject({ action: 'effect.send_again', subject: 'failing' })
  })

  // 30 s, doubled each time, never more than an hour.
  it.each([
    [1, 30_000],
    [2, 60_000],
    [7, 1_920_000],
    [8, 3_600_000],
    [20, 3_600_000],
  ])('backs off after attempt %i for %i ms', (attempts, ms) => expect(backoffMs(attempts)).toBe(ms))
})
