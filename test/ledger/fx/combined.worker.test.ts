import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { balances, moveTo, ok } from '../../support/scenario.ts'
import { env } from '../../support/worker.ts'

/**
 * Two sellers with books in US dollars, who invoice in euros. Each sells a plan, 1,200.00 for 2026, billed on 1 January at 1.20
 * and paid on 4 February at 1.15, and support, 600.00, billed when the year is over. January closes at 1.10.
 *
 *   early   States on 1 January that the two contracts are one
 *   late    States it on 5 February
 */
const SELLERS = ['early', 'late']

const year = (ref: string, seller: string, product_ref: string, amount: string, term: string) =>
  ok('POST', '/api/contracts', {
    ...{ contract_ref: `${seller}-${ref}`, customer_ref: 'acme', entity_ref: seller, currency: 'EUR' },
    ...{ timezone: 'UTC', net_terms: 30, grace_hours: 0, billing_cycle: { unit: 'YEARLY', cycle: 1 } },
    ...{ start_date: '2026-01-01', end_date: '2027-01-01' },
    products: [{ product_ref, model: { type: 'flat', amount, term } }],
  })

const price = (product_ref: string, amount: string) => ({
  ...{ product_ref, currency: 'EUR', per: 'year', price: { amount } },
  ...{ method: 'observed', evidence: 'Price list' },
})

async function sellBoth(entity_ref: string) {
  const entity = {
    entity_ref,
    name: entity_ref,
    currency: 'EUR',
    functional_currency: 'USD',
    timezone: 'UTC',
  }
  await ok('POST', '/api/entities', { ...entity, fx_source: 'bank' })
  await ok('POST', '/api/revenue/ssp', {
    ...{ entity_ref, effective_date: '2026-01-01', approved_by: 'Controller' },
    entries: [price('plan', '1200'), price('support', '600')],
  })
  await year('plan', entity_ref, 'plan', '1200.00', 'in_advance')
  await year('support', entity_ref, 'support', '600.00', 'in_arrears')
}

const combine = (seller: string) =>
  ok('POST', `/api/revenue/contracts/${seller}-plan/facts`, {
    ...{ kind: 'combination', contract_refs: [`${seller}-support`] },
    ...{ effective_date: '2026-01-01', reason: 'One negotiation' },
  })

const inDollars = (seller: string, day: string) =>
  balances(`entity_ref=${seller}&as_of=${day}&currency=functional`)

beforeAll(async () => {
  await moveTo('2026-01-01T08:00:00Z')
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  for (const product_ref of ['plan', 'support'])
    await ok('POST', '/api/products', {
      ...{ product_ref, name: product_ref, kind: 'recurring', revenue: { recognition: 'month_even' } },
    })
  const rates = { '2026-01-01': '1.20', '2026-01-31': '1.10', '2026-02-04': '1.15' }
  await ok('POST', '/api/fx-rates?source=bank', {
    rates: Object.entries(rates).map(([date, rate]) => ({ base: 'EUR', quote: 'USD', date, rate })),
  })
  for (const seller of SELLERS) await sellBoth(seller)
  await combine('early')
  await moveTo('2026-02-03')
}, 60_000)

describe('contracts that are accounted for as one in books of another currency', () => {
  it('have the rate of what is billed ahead under one of them for what the other earns', async () => {
    // 100.00 and 50.00 of January x 1.20; 1,050.00 are left.
    expect(await inDollars('early', '2026-01-31')).toEqual({
      accounts_receivable: '1440.00',
      contract_position: '-1260.00',
      revenue: '-180.00',
    })
    // Each for itself: 100.00 x 1.20 and 50.00 x 1.10; 1,100.00 x 1.20 less 50.00 x 1.10.
    expect(await inDollars('late', '2026-01-31')).toEqual({
      accounts_receivable: '1440.00',
      contract_position: '-1265.00',
      revenue: '-175.00',
    })
  })

  it('are one liability at the end of a month, which keeps its rate', async () => {
    const close = () => ok('POST', '/api/accounting-periods/2026-01/close-entries', { entity_ref: 'early' })
    // The receivable: 1,200.00 x (1.10 - 1.20).
    expect((await close()).remeasured).toMatchObject([{ rate: '1.1', gain: '-120.00' }])
    expect((await close()).remeasured).toMatchObject([{ gain: '0.00' }])
    expect(await inDollars('early', '2026-01-31')).toEqual({
      accounts_receivable: '1320.00',
      contract_position: '-1260.00',
      fx_gain_loss: '120.00',
      revenue: '-180.00',
    })
  })

  it('settle what they hold against each other where it is stated later', async () => {
    await moveTo('2026-02-04T12:00:00Z')
    for (const seller of SELLERS) {
      const { data } = await ok('GET', `/api/invoices?contract_ref=${seller}-plan`)
      await ok('POST', '/api/invoices/reconcile', {
        ...{
          invoice_ref: data[0].invoice_ref,
          amount: '1200.00',
          currency: 'EUR',
          received_on: '2026-02-04',
        },
      })
    }
    await moveTo('2026-02-05T12:00:00Z')
    await combine('late')
    await combine('late')
    await moveTo('2026-02-06T12:00:00Z')
    // Paid 1,380.00 for 1,440.00. The 50.00 of support settle 60.00 of the advance: a gain of 5.00.
    expect(await inDollars('late', '2026-02-05')).toEqual({
      manual_clearing: '1380.00',
      contract_position: '-1260.00',
      fx_gain_loss: '55.00',
      revenue: '-175.00',
    })
    expect(await inDollars('early', '2026-02-05')).toEqual({
      manual_clearing: '1380.00',
      contract_position: '-1260.00',
      fx_gain_loss: '60.00',
      revenue: '-180.00',
    })
    const { data } = await ok('GET', '/api/ledger/entries?entity_ref=late&event=positions_combined')
    expect(data).toMatchObject([{ description: 'Carried as one with late-plan: late-support', postings: [] }])
  })

  it('go on with one rate, are counted with a month, and follow from the facts', async () => {
    await moveTo('2026-03-03T12:00:00Z')
    // 150.00 more x 1.20: revenue of an advance waits for no rate.
    for (const [seller, revenue] of [
      ['early', '-360.00'],
      ['late', '-355.00'],
    ] as const)
      expect(await inDollars(seller, '2026-02-28')).toMatchObject({ contract_position: '-1080.00', revenue })
    expect(await differencesFromFacts()).toEqual([])
  })

  it('stay what they became', async () => {
    await expect(env.DB.prepare('DELETE FROM position_groups').run()).rejects.toThrow(/append-only/)
    await expect(env.DB.prepare("UPDATE position_groups SET group_ref = 'x'").run()).rejects.toThrow(
      /append-only/,
    )
  })
})
