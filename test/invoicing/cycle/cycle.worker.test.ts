import { asc, eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { amendContract } from '../../../src/contracts/changes/amend-contract.job.ts'
import { cancelContract } from '../../../src/contracts/changes/cancel-contract.job.ts'
import { firstChangeBilling } from '../../../src/contracts/changes/change-billing.ts'
import { contracts } from '../../../src/contracts/contracts.schema.ts'
import { outbox } from '../../../src/delivery/delivery.schema.ts'
import type { Env } from '../../../src/env.ts'
import { creditNotes, lineReversals } from '../../../src/invoicing/corrections/credit-notes.schema.ts'
import { creditOwed } from '../../../src/invoicing/corrections/owed-credit.job.ts'
import { closeClaimed } from '../../../src/invoicing/cycle/cycle.job.ts'
import { cycleCloses, invoiceLines, invoices } from '../../../src/invoicing/invoicing.schema.ts'
import { inWhole } from '../../../src/kernel/partly.ts'
import { accountingPeriods, journalEntries, postings } from '../../../src/ledger/ledger.schema.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { env } from '../../support/worker.ts'
import { CALLS, flat } from '../closing.ts'
import { claim, db, report, tick, writeContract } from '../rows.ts'

const CALLS_ONLY = termsOf([sold('calls', CALLS)])
const SEATS = termsOf([sold('seats', flat('20.00'))])

const contractRow = async (ref: string) =>
  (await db.select().from(contracts).where(eq(contracts.ref, ref)))[0]!

const invoicesOf = (ref: string) =>
  db.select().from(invoices).where(eq(invoices.contractRef, ref)).orderBy(asc(invoices.sequence))

const linesOf = (ref: string) =>
  db.select().from(invoiceLines).where(eq(invoiceLines.contractRef, ref)).orderBy(asc(sql`rowid`))

const countOf = async (table: typeof invoices | typeof cycleCloses | typeof outbox | typeof postings) =>
  (await db.select({ count: sql<number>`count(*)` }).from(table))[0]!.count

const everything = async () => Promise.all([invoices, cycleCloses, outbox, postings].map(countOf))

const by = (at: string) => ({
  principal: { id: 'ann', label: 'Ann', scopes: [] },
  requestId: 'test',
  now: Date.parse(at),
})

/** An environment whose database fails every batch. */
const crashing = {
  ...env,
  DB: new Proxy(env.DB, {
    get: (database, name: keyof D1Database) => {
      if (name === 'batch') return () => Promise.reject(new Error('the connection is gone'))
      const member = database[name]
      return typeof member === 'function' ? member.bind(database) : member
    },
  }),
} as Env

/** An environment in which somebody locks a month while the second batch is on its way. */
const locking = (entityRef: string, month: string) => {
  let batches = 0
  const batch: D1Database['batch'] = async (statements) => {
    batches += 1
    const period = { entityRef, month, status: 'locked' as const, changedAt: 0, changedBy: 'Ann' }
    if (batches === 2) await db.insert(accountingPeriods).values(period)
    return env.DB.batch(statements)
  }
  return { ...env, DB: { prepare: (query: string) => env.DB.prepare(query), batch } } as unknown as Env
}

describe('closing cycles', () => {
  it('bills usage of the closed cycle, posts it, and asks for the mail', async () => {
    await writeContract('plain', termsOf([sold('calls', CALLS)], { tax_percent: '10' }))
    await report('plain', 'e1', '2026-01-31T23:59:59Z', '150')
    await report('plain', 'e2', '2026-02-01T00:00:00Z', '1')
    await tick('2026-02-01T00:01:00Z')

    // 100 × 0.10 + 50 × 0.05 = 12.50; 10 % are 1.25. The start had nothing to bill.
    const [invoice, ...others] = await invoicesOf('plain')
    expect(others).toEqual([])
    expect(invoice).toMatchObject({
      number: 'INV000001',
      subTotal: 1250n,
      totalTax: 125n,
      total: 1375n,
      cycleNo: 1,
      issueDate: '2026-02-01',
    })
    expect(await db.select().from(cycleCloses).where(eq(cycleCloses.contractRef, 'plain'))).toMatchObject([
      { cycleNo: 0, sealed: null },
      { cycleNo: 1, sealed: { products: [{ productRef: 'calls', quantity: '150' }] } },
    ])
    expect(await contractRow('plain')).toMatchObject({
      nextCycle: 2,
      nextCloseAt: Date.parse('2026-03-01'),
      claimToken: null,
      claimedUntil: null,
    })
    const posted = await db.select().from(postings).where(eq(postings.invoiceId, invoice!.id))
    expect(posted.map(({ account, amount }) => [account, amount])).toEqual([
      ['accounts_receivable', 1375n],
      ['contract_position', -1250n],
      ['tax_payable', -125n],
    ])
    const asked = await db.select().from(outbox)
    expect(asked).toMatchObject([{ topic: 'invoice_issued_mail', payload: { invoiceId: invoice!.id } }])
  })

  it('bills usage as it happens by the day, and at the end what is left, each event once', async () => {
    const terms = termsOf([sold('calls', CALLS, { bill: 'advance' })])
    await writeContract('daily', terms)
    await db
      .update(contracts)
      .set({ billsChangeAt: firstChangeBilling(terms) })
      .where(eq(contracts.ref, 'daily'))
    await tick('2026-01-01T00:01:00Z')
    await report('daily', 'd1', '2026-01-01T10:00:00Z', '80')
    await tick('2026-01-02T00:01:00Z')
    await report('daily', 'd1', '2026-01-01T10:00:00Z', '80')
    await tick('2026-01-03T00:01:00Z')
    await report('daily', 'd2', '2026-01-03T10:00:00Z', '70')
    const messages = await claim('2026-01-04T00:01:00Z')
    for (const message of [...messages, ...messages])
      await closeClaimed(env, message, Date.parse('2026-01-04T00:01:00Z'))
    await tick('2026-01-31T00:01:00Z')
    await report('daily', 'd3', '2026-01-31T10:00:00Z', '10')
    await tick('2026-02-01T00:01:00Z')
    // 80 × 0.10; nothing on the 3rd; 20 × 0.10 + 50 × 0.05; 10 × 0.05 with the end of the cycle.
    expect(
      (await invoicesOf('daily')).map(({ cycleNo, changeNo, subTotal }) => [cycleNo, changeNo, subTotal]),
    ).toEqual([
      [1, 1, 800n],
      [1, 2, 450n],
      [1, 0, 50n],
    ])
    expect((await linesOf('daily')).map(({ quantity }) => quantity)).toEqual(['80', '70', '10'])
  })

  it('changes nothing when the tick or its message comes again', async () => {
    await writeContract('again', SEATS)
    const at = '2026-01-01T00:01:00Z'
    const messages = await claim(at)
    for (const message of messages) await closeClaimed(env, message, Date.parse(at))
    const before = await everything()
    for (const message of messages) await closeClaimed(env, message, Date.parse(at))
    await tick(at)
    expect(await everything()).toEqual(before)
    expect(await invoicesOf('again')).toHaveLength(1)
  })

  it('closes once when the same message is worked on twice at a time', async () => {
    await writeContract('twice', SEATS)
    const at = '2026-01-01T00:01:00Z'
    const [message] = await claim(at)
    await Promise.all([1, 2].map(() => closeClaimed(env, message!, Date.parse(at))))
    expect(await invoicesOf('twice')).toHaveLength(1)
    expect(await contractRow('twice')).toMatchObject({ nextCycle: 1, claimToken: null })
  })

  it('claims a contract once, until the lease runs out', async () => {
    await writeContract('lease', SEATS)
    expect(await claim('2026-01-01T00:01:00Z')).toHaveLength(1)
    expect(await claim('2026-01-01T00:02:00Z')).toEqual([])
    // The message was lost: five minutes later the contract is claimed again.
    await tick('2026-01-01T00:06:00Z')
    expect(await invoicesOf('lease')).toHaveLength(1)
  })

  it('numbers without gaps when contracts of one seller close at the same time', async () => {
    const refs = ['race-1', 'race-2', 'race-3', 'race-4']
    for (const ref of refs) await writeContract(ref, SEATS, { seller: 'racing-seller' })
    const at = Date.parse('2026-01-01T00:01:00Z')
    await Promise.all(
      refs.map(async (ref) => {
        await db
          .update(contracts)
          .set({ claimToken: `token-${ref}`, claimedUntil: at + 1 })
          .where(eq(contracts.ref, ref))
        await closeClaimed(env, { claimToken: `token-${ref}` }, at)
      }),
    )
    const numbers = (await Promise.all(refs.map(invoicesOf))).flat().map(({ sequence }) => sequence)
    expect(numbers.sort()).toEqual([1, 2, 3, 4])
  })

  it('bills what was sealed when it stopped between the seal and the batch', async () => {
    await writeContract('crash', CALLS_ONLY)
    await tick('2026-01-01T00:01:00Z')
    await report('crash', 'e1', '2026-01-10T00:00:00Z', '100')
    const [message] = await claim('2026-02-01T00:01:00Z')
    await closeClaimed(crashing, message!, Date.parse('2026-02-01T00:01:00Z'))
    expect(await invoicesOf('crash')).toEqual([])

    // What comes after the seal is late, although no invoice exists yet.
    await report('crash', 'e2', '2026-01-11T00:00:00Z', '20')
    await tick('2026-02-01T00:07:00Z')
    // 100 × 0.10
    expect((await invoicesOf('crash')).map(({ total }) => total)).toEqual([1000n])
    await tick('2026-03-01T00:01:00Z')
    // 120 calls are 11.00.
    expect((await invoicesOf('crash')).map(({ total }) => total)).toEqual([1000n, 100n])
  })

  it('bills late usage on the next invoice, and holds back what would make it negative', async () => {
    await writeContract('late', CALLS_ONLY)
    await report('late', 'jan', '2026-01-10T00:00:00Z', '100')
    await tick('2026-02-01T00:01:00Z')

    // January becomes 50, 5.00 less; February has 10 calls, 1.00: the 5.00 wait.
    await report('late', 'jan-less', '2026-01-11T00:00:00Z', '-50')
    await report('late', 'feb', '2026-02-10T00:00:00Z', '10')
    await tick('2026-03-01T00:01:00Z')
    // March has 90 calls, 9.00, and takes them.
    await report('late', 'mar', '2026-03-10T00:00:00Z', '90')
    await tick('2026-04-01T00:01:00Z')

    expect((await invoicesOf('late')).map(({ total }) => total)).toEqual([1000n, 100n, 400n])
    expect((await linesOf('late')).map((line) => [line.kind, line.serviceCycleNo, line.amount])).toEqual([
      ['usage', 1, 1000n],
      ['usage', 2, 100n],
      ['usage', 3, 900n],
      ['usage_adjustment', 1, -500n],
    ])
  })

  it('settles an upgrade inside a paid cycle on the next invoice, whatever comes again', async () => {
    await writeContract('upgrade', SEATS)
    await tick('2026-01-01T00:01:00Z')
    const dearer = inWhole({ effective_date: '2026-01-11', products: [sold('seats', flat('30.00'))] })
    await amendContract(db, by('2026-01-11T09:00:00Z'), 'upgrade', dearer)
    const [message] = await claim('2026-02-01T00:01:00Z')
    await closeClaimed(crashing, message!, Date.parse('2026-02-01T00:01:00Z'))
    expect(await invoicesOf('upgrade')).toHaveLength(1)
    await tick('2026-02-01T00:07:00Z')
    await tick('2026-02-01T00:08:00Z')
    // 21 of 31 days: 20 × 21/31 = 13.548…, 30 × 21/31 = 20.322…; February costs 30.
    expect((await linesOf('upgrade')).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['recurring', 2000n],
      ['recurring', 3000n],
      ['change', -1355n],
      ['change', 2032n],
    ])
    await tick('2026-03-01T00:01:00Z')
    expect((await linesOf('upgrade')).slice(4).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['recurring', 3000n],
    ])
  })

  it('bills changes at once, each on an invoice of its own, also after it stopped half-way', async () => {
    await writeContract('at-once', SEATS)
    await tick('2026-01-01T00:01:00Z')
    const changeTo = (amount: string, at: string) =>
      amendContract(
        db,
        by(at),
        'at-once',
        inWhole({ effective_date: '2026-01-11', bill: 'now', products: [sold('seats', flat(amount))] }),
      )
    await changeTo('30.00', '2026-01-11T09:00:00Z')
    const [message] = await claim('2026-01-11T09:01:00Z')
    await closeClaimed(crashing, message!, Date.parse('2026-01-11T09:01:00Z'))
    expect(await invoicesOf('at-once')).toHaveLength(1)
    for (const at of ['2026-01-11T09:07:00Z', '2026-01-11T09:08:00Z']) await tick(at)
    await changeTo('60.00', '2026-01-11T15:00:00Z')
    await tick('2026-01-11T15:01:00Z')
    await tick('2026-02-01T00:01:00Z')
    // 20.32 − 13.55; then 60 × 21/31 = 40.645… less the first change in full: 40.65 − 20.32.
    expect(
      (await invoicesOf('at-once')).map(({ cycleNo, changeNo, total }) => [cycleNo, changeNo, total]),
    ).toEqual([
      [0, 0, 2000n],
      [1, 1, 677n],
      [1, 2, 2033n],
      [1, 0, 6000n],
    ])
    expect(await contractRow('at-once')).toMatchObject({
      billsChangeAt: null,
      claimToken: null,
      nextCycle: 2,
    })
  })

  it('charges what follows a trial on the day it ends', async () => {
    const trial = termsOf([sold('seats', flat('31.00'), { trial_end_date: '2026-01-15' })])
    await writeContract('trial', trial)
    await db
      .update(contracts)
      .set({ billsChangeAt: firstChangeBilling(trial) })
      .where(eq(contracts.ref, 'trial'))
    await tick('2026-01-01T00:01:00Z')
    expect(await invoicesOf('trial')).toEqual([])
    for (const at of ['2026-01-15T00:01:00Z', '2026-01-15T00:02:00Z', '2026-02-01T00:01:00Z']) await tick(at)
    // 31 × 17/31, then whole months.
    expect((await invoicesOf('trial')).map(({ issueDate, total }) => [issueDate, total])).toEqual([
      ['2026-01-15', 1700n],
      ['2026-02-01', 3100n],
    ])
  })

  it('gives back by a credit note what the last invoice of a cancelled contract cannot take', async () => {
    await writeContract(
      'leaving',
      termsOf([sold('seats', flat('31.00')), sold('calls', CALLS)], { tax_percent: '10' }),
    )
    await tick('2026-01-01T00:01:00Z')
    await report('leaving', 'e1', '2026-01-05T00:00:00Z', '20')
    const withCredit = { by: { mode: 'now_with_credit', dayIsUsed: false } } as const
    await cancelContract(db, by('2026-01-11T09:00:00Z'), 'leaving', withCredit)
    await tick('2026-01-11T09:01:00Z')
    // 20 calls are 2.00, and 0.20 tax; 31 × 21/31 are owed.
    expect((await invoicesOf('leaving')).map(({ total }) => total)).toEqual([3410n, 220n])
    const now = Date.parse('2026-01-11T09:02:00Z')
    for (const _ of [1, 2]) await creditOwed({ env, db, now }, { contractRef: 'leaving', boundary: 1 })
    const notes = await db.select().from(creditNotes).where(eq(creditNotes.contractRef, 'leaving'))
    // 21.00 and 10 % of it.
    expect(notes.map(({ subTotal, totalTax, total }) => [subTotal, totalTax, total])).toEqual([
      [2100n, 210n, 2310n],
    ])
    const [reversal] = await db.select().from(lineReversals).where(eq(lineReversals.sourceId, notes[0]!.id))
    expect([reversal!.serviceStart, reversal!.serviceEnd]).toEqual(['2026-01-11', '2026-02-01'])
  })

  it('gives back what two invoices have charged where the second has credited the first', async () => {
    const plan = (price: string) => [sold('seats', flat(price)), sold('calls', CALLS)]
    await writeContract('grown', termsOf(plan('31.00'), { tax_percent: '10' }))
    await tick('2026-01-01T00:01:00Z')
    const dearer = { effective_date: '2026-01-11', bill: 'now' as const, products: plan('62.00') }
    await amendContract(db, by('2026-01-11T09:00:00Z'), 'grown', inWhole(dearer))
    await tick('2026-01-11T09:01:00Z')
    const withCredit = { by: { mode: 'now_with_credit', dayIsUsed: false } } as const
    await cancelContract(db, by('2026-01-21T09:00:00Z'), 'grown', withCredit)
    await tick('2026-01-21T09:01:00Z')
    // 31.00, then −21.00 and 42.00, with 10 % each
    expect((await invoicesOf('grown')).map(({ total }) => total)).toEqual([3410n, 2310n])
    const now = Date.parse('2026-01-21T09:02:00Z')
    for (const _ of [1, 2]) await creditOwed({ env, db, now }, { contractRef: 'grown', boundary: 1 })
    const notes = await db.select().from(creditNotes).where(eq(creditNotes.contractRef, 'grown'))
    // Of 62 × 11/31 = 22.00 the second invoice gives 20.98, and the first 1.02, which the second had credited.
    expect(notes.map(({ subTotal, totalTax }) => [subTotal, totalTax])).toEqual([
      [2098n, 210n],
      [102n, 10n],
    ])
  })

  it('bills a yearly fee beside monthly usage, with seats that are added and an early end', async () => {
    // The others rest: months of theirs are nothing to see here.
    await db.update(contracts).set({ nextCloseAt: null, billsChangeAt: null })
    const platform = (quantity: string) =>
      sold('seats', flat('3650.00'), { quantity, billing_cycle: { unit: 'YEARLY', cycle: 1 } })
    await writeContract('mixed', termsOf([platform('1'), sold('calls', CALLS)], { tax_percent: '10' }))
    for (const month of ['2026-01', '2026-06', '2026-09']) {
      await report('mixed', `e-${month}`, `${month}-05T00:00:00Z`, '20')
    }
    for (const day of ['2026-01-01', '2026-02-01', '2026-06-01']) await tick(`${day}T00:01:00Z`)
    const seats = { effective_date: '2026-06-10', products: [platform('3'), sold('calls', CALLS)] }
    await amendContract(db, by('2026-06-10T09:00:00Z'), 'mixed', inWhole(seats))
    const [message] = await claim('2026-07-01T00:01:00Z')
    await closeClaimed(crashing, message!, Date.parse('2026-07-01T00:01:00Z'))
    for (const at of ['2026-07-01T00:07:00Z', '2026-07-01T00:08:00Z', '2026-09-01T00:01:00Z']) await tick(at)
    const withCredit = { by: { mode: 'now_with_credit', dayIsUsed: false } } as const
    await cancelContract(db, by('2026-09-10T09:00:00Z'), 'mixed', withCredit)
    await tick('2026-09-10T09:01:00Z')
    // A year is 10.00 a day. Two more seats from 10 June on: 2 × 205 days. 20 calls are 2.00.
    const issued = await invoicesOf('mixed')
    expect(issued.map(({ cycleNo, subTotal, total }) => [cycleNo, subTotal, total])).toEqual([
      [0, 365000n, 401500n],
      [1, 200n, 220n],
      [6, 410200n, 451220n],
      [9, 200n, 220n],
    ])
    expect(
      (await linesOf('mixed')).map(({ kind, amount, serviceStart, serviceEnd }) => [
        kind,
        amount,
        serviceStart,
        serviceEnd,
      ]),
    ).toEqual([
      ['recurring', 365000n, '2026-01-01', '2027-01-01'],
      ['usage', 200n, '2026-01-01', '2026-02-01'],
      ['usage', 200n, '2026-06-01', '2026-07-01'],
      ['change', 410000n, '2026-06-10', '2027-01-01'],
      ['usage', 200n, '2026-09-01', '2026-09-10'],
    ])
    const now = Date.parse('2026-09-10T09:02:00Z')
    for (const _ of [1, 2]) await creditOwed({ env, db, now }, { contractRef: 'mixed', boundary: 9 })
    // 113 days are left of the year: 2 × 1,130 of the added seats, 1,130 of the first, and 10 % each.
    const notes = await db.select().from(creditNotes).where(eq(creditNotes.contractRef, 'mixed'))
    expect(notes.map(({ invoiceId, total }) => [invoiceId, total])).toEqual([
      [issued[2]!.id, 248600n],
      [issued[0]!.id, 124300n],
    ])
    await tick('2026-12-01T00:01:00Z')
    expect(await invoicesOf('mixed')).toHaveLength(4)
    expect(await contractRow('mixed')).toMatchObject({ nextCloseAt: null })
  })

  it('bills what comes late after the end of a contract by a final run, once', async () => {
    await writeContract('gone', termsOf([sold('calls', CALLS)], { end_date: '2026-02-01' }))
    await report('gone', 'in-time', '2026-01-10T00:00:00Z', '100')
    await tick('2026-02-01T00:01:00Z')
    await report('gone', 'late', '2026-01-20T00:00:00Z', '20')
    // 35 days after 1 February are 8 March.
    await tick('2026-03-07T23:59:00Z')
    expect(await invoicesOf('gone')).toHaveLength(1)
    const [message] = await claim('2026-03-08T00:01:00Z')
    await closeClaimed(crashing, message!, Date.parse('2026-03-08T00:01:00Z'))
    for (const at of ['2026-03-08T00:07:00Z', '2026-03-08T00:08:00Z', '2026-05-01T00:00:00Z']) await tick(at)
    // 100 × 0.10, then 20 × 0.05.
    expect((await invoicesOf('gone')).map(({ cycleNo, total }) => [cycleNo, total])).toEqual([
      [1, 1000n],
      [2, 100n],
    ])
    expect(await contractRow('gone')).toMatchObject({ status: 'ended', nextCloseAt: null, claimToken: null })
  })

  it('catches up on all boundaries that are due, and ends the contract after the last', async () => {
    await writeContract('over', termsOf([sold('seats', flat('20.00'))], { end_date: '2026-04-01' }))
    await tick('2026-06-01T00:00:00Z')
    // In advance for January, February and March; nothing at the end.
    expect((await invoicesOf('over')).map(({ cycleNo, total }) => [cycleNo, total])).toEqual([
      [0, 2000n],
      [1, 2000n],
      [2, 2000n],
    ])
    expect(await contractRow('over')).toMatchObject({ status: 'ended', nextCloseAt: null, claimToken: null })
  })

  it('lets one contract fail without stopping the others', async () => {
    await writeContract('broken', termsOf([sold('unheard-of', flat('1.00'))]))
    await writeContract('sound', SEATS)
    await tick('2026-01-01T00:01:00Z')
    expect(await invoicesOf('broken')).toEqual([])
    expect(await invoicesOf('sound')).toHaveLength(1)
    expect((await contractRow('broken')).nextCycle).toBe(0)
  })

  it('keeps the books balanced over everything that this file has closed', async () => {
    const [row] = await db
      .select({ sum: sql<number>`SUM(amount)`, count: sql<number>`count(*)` })
      .from(postings)
    expect(row!.sum).toBe(0)
    expect(row!.count).toBeGreaterThan(20)
  })

  it('posts in the first open month what a lock overtook, and leaves the invoice its date', async () => {
    await writeContract('locked', CALLS_ONLY)
    await report('locked', 'e1', '2026-01-10T00:00:00Z', '100')
    const at = '2026-02-01T00:01:00Z'
    for (const message of await claim(at)) {
      await closeClaimed(locking('seller-locked', '2026-02'), message, Date.parse(at))
    }
    const [invoice, ...others] = await invoicesOf('locked')
    // 100 × 0.10; the start had nothing to bill.
    expect([invoice?.issueDate, invoice?.total, others]).toEqual(['2026-02-01', 1000n, []])
    const entries = await db.select().from(journalEntries).where(eq(journalEntries.sourceId, invoice!.id))
    expect(entries).toMatchObject([{ postingDate: '2026-03-01', belongsTo: '2026-02-01', postedBy: null }])
  })
})
