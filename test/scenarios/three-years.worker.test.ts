import { describe, expect, it } from 'vitest'
import { currentTime } from '../../src/clock/clock.store.ts'
import { allEntries, balances, cents, itemOf, moveTo, netOf, ok, plus } from '../support/scenario.ts'
import { connectStripe } from '../support/stripe.ts'
import { api, env } from '../support/worker.ts'
import { CONTRACT, DEARER_SUPPORT, KIT, MORE_SEATS, PRODUCTS, RATES, SSP_BOOKS } from './three-years.ts'

/**
 * A contract in dollars in books that are kept in euros, from signing to a write-off. All figures are worked out by hand.
 *
 *   obligation   sells for                stated      allocated: × 17,520.01 / 20,000 = 0.8760005
 *   platform     10 × 500 × 3 = 15,000    10,950.00   13,140.0075   13,140.01, by largest remainder: 12.00 a day
 *   support      1,000 × 3    =  3,000     4,818.00    2,628.0015    2,628.00                       2.40 a day
 *   rollout                      2,000     1,752.01    1,752.0010    1,752.00   2/5 kick-off, 3/5 go-live
 *
 * No year has a 29 February, so 14.40 a day are 1,095 × 14.40 = 15,768.00 for the term, and a cent.
 * Beside it stands a contract for an appliance, 900.00, and its shipping, 100.00, at their selling prices.
 */
const { stripe, submit, control } = connectStripe(() => currentTime(env))

const invoicesOf = async (contractRef: string) =>
  (await ok('GET', `/api/invoices?contract_ref=${contractRef}&limit=100`)).data.reverse()

const pay = (invoice: { invoice_ref: string }, amount: string, receivedOn: string) =>
  ok('POST', '/api/invoices/reconcile', {
    invoice_ref: invoice.invoice_ref,
    amount,
    currency: 'USD',
    received_on: receivedOn,
  })

const deliver = (contract_ref: string, product_ref: string, date: string, milestone?: string) =>
  ok('POST', '/api/revenue/deliveries', { contract_ref, product_ref, date, milestone })

const use = (timestamp: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    event_id: timestamp,
    timestamp: `${timestamp}T12:00:00Z`,
    customer_ref: 'acme',
    customer_name: 'ACME',
    usage_product_ref: 'calls',
    usage_product_name: 'Calls',
    quantity,
  })

/** How the contract stands in the balance sheet at the end of a day. */
const balanceOf = async (contractRef: string, asOf: string) => {
  const { rows, tied } = await ok('GET', `/api/revenue/contract-balances?as_of=${asOf}`)
  expect(tied).toBe(true)
  const row = rows.find(({ contract_ref }: { contract_ref: string }) => contract_ref === contractRef)
  return row && [row.contract_liability, row.contract_asset, row.unbilled]
}

const remaining = async (asOf: string) => {
  const { rows } = await ok('GET', `/api/revenue/rpo?as_of=${asOf}`)
  return rows.find(({ contract_ref }: { contract_ref: string }) => contract_ref === 'main')
}

const treatments = async () =>
  (await ok('GET', '/api/revenue/contracts/main')).plan.modifications.map(
    ({ treatment }: { treatment: string }) => treatment,
  )

const inEuros = (asOf: string) => balances(`currency=functional&as_of=${asOf}`)

/** Revenue of a span by product. */
const revenueOf = async (from: string, to: string) => {
  const { rows } = await ok('GET', `/api/revenue/disaggregation?from=${from}&to=${to}&by=product`)
  return Object.fromEntries(rows.map(({ key, revenue }: Record<string, string>) => [key, revenue]))
}

const dayAfter = (date: string) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)

/** The position of a contract at the end of a day, in credit positive. */
async function positionOf(contractRef: string, asOf: string): Promise<bigint> {
  const [liability, asset, unbilled] = (await balanceOf(contractRef, asOf)) ?? ['0', '0', '0']
  return cents(liability) - cents(asset) - cents(unbilled)
}

describe('three years of a contract', () => {
  it('begin with an allocation by selling prices', async () => {
    await moveTo('2025-01-01')
    await ok('POST', '/api/entities', {
      entity_ref: 'seller',
      name: 'Seller',
      currency: 'EUR',
      timezone: 'UTC',
      framework: 'both',
    })
    await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
    for (const product of PRODUCTS) await ok('POST', '/api/products', product)
    await ok('POST', '/api/fx-rates', { rates: RATES })
    await ok('POST', '/api/revenue/ssp', SSP_BOOKS.signing)
    await ok('POST', '/api/contracts', CONTRACT)
    await ok('POST', '/api/contracts', KIT)
    await moveTo('2025-01-02')
    const { basis, plan } = await ok('GET', '/api/revenue/contracts/main')
    expect(basis).toBe('ssp')
    expect(plan.allocation).toEqual({ platform: '13140.01', support: '2628.00', rollout: '1752.00' })
    // 3,650.00 + 1,606.00 + 1,752.01
    expect(await invoicesOf('main')).toMatchObject([{ total: '7008.01', issue_date: '2025-01-01' }])
    expect(await invoicesOf('kit')).toMatchObject([{ total: '1000.00' }])
  })

  it('earn by days, by milestones, and on delivery', async () => {
    await moveTo('2025-01-31')
    await deliver('kit', 'appliance', '2025-01-20')
    await deliver('main', 'rollout', '2025-01-31', 'Kick-off')
    const [kit] = await invoicesOf('kit')
    const page = (await ok('GET', `/api/invoices/${kit.invoice_ref}`)).hosted_url.slice(
      'http://accrue.test'.length,
    )
    const checkout = (await api('POST', `${page}/card`, { key: null })).headers.get('location') ?? ''
    await submit(checkout, { number: '4242 4242 4242 4242', name: 'ACME' })
    await control('/webhooks/deliver')
    await moveTo('2025-02-01')
    await pay((await invoicesOf('main'))[0], '7008.01', '2025-01-31')
    // 31 × 12.00; 31 × 2.40; 2/5 × 1,752.00. The appliance with its shipping, which US GAAP counts to it.
    expect(await revenueOf('2025-01-01', '2025-01-31')).toEqual({
      platform: '372.00',
      support: '74.40',
      rollout: '700.80',
      appliance: '1000.00',
    })
    // 7,008.01 − 1,147.20; and 1,000.00 less 1,000.00
    expect(await balanceOf('main', '2025-01-31')).toEqual(['5860.81', '0.00', '0.00'])
    expect(await balanceOf('kit', '2025-01-31')).toBeUndefined()
    // At 0.90, paid at 0.95: 8,008.01 × 0.95 = 6,657.61 + 950.00; invoices 6,307.21 + 900.00. Revenue keeps 0.90.
    // Of the card payment Stripe keeps 2.9 % and 0.30: 29.30 × 0.95.
    await moveTo('2025-02-02')
    expect(await inEuros('2025-01-31')).toEqual({
      manual_clearing: '6657.61',
      stripe_clearing: '922.16',
      contract_position: '-5274.73',
      revenue: '-1932.48',
      processor_fees: '27.84',
      fx_gain_loss: '-400.40',
    })
  })

  it('give back money for an outage, and nothing of it stays in the position', async () => {
    await moveTo('2025-03-15')
    await deliver('kit', 'shipping', '2025-02-03')
    await deliver('main', 'rollout', '2025-03-15', 'Go-live')
    await moveTo('2025-05-10')
    const [{ invoice_ref: invoiceRef }] = await invoicesOf('main')
    const { lines } = await ok('GET', `/api/invoices/${invoiceRef}`)
    const line = lines.find(({ product_ref }: { product_ref: string }) => product_ref === 'platform')
    const outage = { reason: 'Outage of 9 May' }
    const credited = {
      ...outage,
      cause: 'service_level',
      lines: [{ line_ref: line.line_ref, amount: '120.00' }],
    }
    await ok('POST', `/api/invoices/${invoiceRef}/credit_notes`, credited)
    await moveTo('2025-05-20')
    expect(await balances()).toMatchObject({ customer_credit: '-120.00' })
    const { data } = await ok('GET', '/api/payments?customer_ref=acme')
    const wire = data.find(({ rail }: { rail: string }) => rail === 'manual')
    await ok('POST', `/api/payments/${wire.payment_id}/refund`, { amount: '120.00', ...outage })
    await moveTo('2025-07-01')
    // IFRS 15 has no election for shipping: 1,000.00 × 100 / 1,000 wait for it from January to February.
    expect((await ok('GET', '/api/revenue/contracts/kit?framework=IFRS15')).differences).toEqual([
      { period: '2025-01', key: 'appliance', amount: '-100.00' },
      { period: '2025-02', key: 'shipping', amount: '100.00' },
    ])
    expect(await balances('book=secondary&as_of=2025-01-31')).toEqual({
      contract_position: '-100.00',
      revenue: '100.00',
    })
    expect(await balances('book=secondary&as_of=2025-02-28')).toEqual({})
    expect(await revenueOf('2025-01-01', '2025-03-31')).toEqual({
      platform: '1080.00',
      support: '216.00',
      rollout: '1752.00',
      appliance: '1000.00',
    })
    // 91 × 12.00 − 120.00
    expect(await revenueOf('2025-04-01', '2025-06-30')).toEqual({ platform: '972.00', support: '218.40' })
    // 7,008.01 − 120.00 billed; 181 × 14.40 + 1,752.00 − 120.00 = 4,238.40 earned
    expect(await balanceOf('main', '2025-06-30')).toEqual(['2649.61', '0.00', '0.00'])
    // 365, 365 and 184 days of 14.40; the cent of the platform is earned past its 730th day.
    expect(await remaining('2025-06-30')).toMatchObject({
      within_12_months: '5256.00',
      months_13_to_24: '5256.01',
      beyond: '2649.60',
      total: '13161.61',
      billed: '2649.61',
      unbilled: '10512.00',
    })
  })

  it('grow by seats at their selling price, a contract of its own', async () => {
    await moveTo('2025-09-15')
    await ok('POST', '/api/revenue/ssp', SSP_BOOKS.autumn)
    await moveTo('2025-10-01')
    await ok('POST', '/api/contracts/edit/main', MORE_SEATS)
    await moveTo('2025-10-31')
    // 5 × 365.00 × 92/365
    const [, change] = await invoicesOf('main')
    expect(change).toMatchObject({ total: '460.00', issue_date: '2025-10-01' })
    await pay(change, '460.00', '2025-10-31')
    // The price rises by 5 seats × (92 + 365 + 365) days at 1.00, which is what seats sell for by now: 365.00 a year.
    expect(await treatments()).toEqual(['catch_up', 'separate_contract'])
    await moveTo('2025-11-01')
    // 31 × 12.00 as before, and 31 × 5.00
    expect(await revenueOf('2025-10-01', '2025-10-31')).toEqual({ platform: '527.00', support: '74.40' })
  })

  it('lose a card payment to a dispute', async () => {
    const [intent] = (await stripe.paymentIntents.list({ limit: 1 })).data
    await moveTo('2025-11-10')
    const dispute = (await control('/disputes', { payment_intent: intent!.id })) as unknown as { id: string }
    await control('/webhooks/deliver')
    await moveTo('2025-11-11')
    expect(await balances()).toMatchObject({
      disputes_receivable: '1000.00',
      processor_fees: '44.30',
      stripe_clearing: '-44.30',
    })
    await moveTo('2025-12-10')
    await control(`/disputes/${dispute.id}/close`, { status: 'lost' })
    await control('/webhooks/deliver')
    await use('2025-11-15', 100)
    await moveTo('2026-01-01')
    // Bank 6,657.61 − 120 × 0.95 + 460 × 0.95. Card 922.16 − 1,015 × 0.90; the loss is 1,000 × 0.95.
    // Revenue at the rates of the advances: 0.90 × (7,008.00 − 120.00 + 460.00 + 1,000.00).
    // Gains: 400.40, credit note 108.00 − 110.40 and refund 110.40 − 114.00, seats 437.00 − 414.00, dispute 950.00 − 900.00.
    expect(await inEuros('2025-12-31')).toEqual({
      manual_clearing: '6980.61',
      stripe_clearing: '8.66',
      contract_position: '-0.01',
      revenue: '-7513.20',
      processor_fees: '41.34',
      dispute_losses: '950.00',
      fx_gain_loss: '-467.40',
    })
  })

  it('stand at the closing rate while an invoice is open', async () => {
    await moveTo('2026-01-02')
    // 15 × 365.00 + 1,606.00 + 100 calls at 2.00
    const invoice = (await invoicesOf('main'))[2]
    expect(invoice).toMatchObject({ total: '7281.00', issue_date: '2026-01-01' })
    await moveTo('2026-02-01')
    await ok('POST', '/api/accounting-periods/2026-01/close-entries', { entity_ref: 'seller' })
    // 44.30 are owed to Stripe, at 0.85: 37.66, where 8.66 stood on its account, so 46.32 less than 831.45 of gains.
    // 7,281.00 × 0.85, that is 364.05 above 0.80. A contract liability is not monetary: 6,479.61 at 0.80 and a cent.
    expect(await inEuros('2026-01-31')).toMatchObject({
      accounts_receivable: '6188.85',
      contract_position: '-5183.69',
      stripe_clearing: '-37.66',
      fx_gain_loss: '-785.13',
    })
    await moveTo('2026-02-10')
    await pay(invoice, '7281.00', '2026-02-10')
    await moveTo('2026-03-01')
    // 467.40 + 7,281.00 × (0.88 − 0.80): the 364.05 are taken back on 1 February.
    const february = await inEuros('2026-02-28')
    expect(february).toMatchObject({ manual_clearing: '13387.89', fx_gain_loss: '-1049.88' })
    expect(february).not.toHaveProperty('accounts_receivable')
  })

  it('spread a dearer support over all days that are left', async () => {
    await moveTo('2026-03-20')
    await use('2026-03-10', 50)
    await moveTo('2026-07-01')
    await ok('POST', '/api/contracts/edit/main', DEARER_SUPPORT)
    await moveTo('2027-01-01')
    expect(await treatments()).toEqual(['catch_up', 'separate_contract', 'prospective'])
    // Not yet earned on 1 July: 17,520.01 − 1,752.00 − 546 × 14.40 = 7,905.61; with 329.39 more 8,235.00 for 549 days:
    // 15.00 a day, 5/6 of it for the platform. The seats are a contract of their own and go on at 5.00.
    const { plan } = await ok('GET', '/api/revenue/contracts/main')
    const allocated = plan.obligations.map((own: Record<string, string>) => [own.key, own.allocated])
    expect(Object.fromEntries(allocated)).toEqual({
      platform: '13294.50',
      support: '2682.90',
      rollout: '1752.00',
      'platform@2025-10-01.2': '4110.00',
    })
    expect(await revenueOf('2026-06-01', '2026-06-30')).toEqual({ platform: '510.00', support: '72.00' })
    expect(await revenueOf('2026-07-01', '2026-07-31')).toEqual({ platform: '542.50', support: '77.50' })
    // 184 days × 0.60 more than is billed for 2026, less the cent: a contract asset. The 50 calls of March at 2.00 wait
    // for nothing but their invoice. 210.39 are ahead of what was billed, at 0.90.
    expect(await balanceOf('main', '2026-12-31')).toEqual(['0.00', '110.39', '100.00'])
    expect(await inEuros('2026-12-31')).toMatchObject({ contract_position: '189.35' })
    expect(await remaining('2026-12-31')).toMatchObject({
      within_12_months: '7300.00',
      total: '7300.00',
      billed: '0.00',
      unbilled: '7300.00',
    })
    await moveTo('2027-01-02')
    // 15 × 365.00 + 1,935.39 + 50 calls at 2.00, at 0.88. What was ahead leaves at 0.90: 210.39 × 0.02 are lost.
    expect((await invoicesOf('main'))[3]).toMatchObject({ total: '7510.39', issue_date: '2027-01-01' })
    await moveTo('2027-01-03')
    // 7,300.00 × 0.88; 1,049.88 − 4.21
    expect(await inEuros('2027-01-02')).toMatchObject({
      accounts_receivable: '6609.14',
      contract_position: '-6424.00',
      fx_gain_loss: '-1045.67',
    })
    // Calls of the year before were given on no condition but time, whatever the invoice has made of their accrual.
    expect(await balanceOf('main', '2026-12-31')).toEqual(['0.00', '110.39', '100.00'])
    expect(await balanceOf('main', '2025-12-31')).toEqual(['0.00', '0.00', '199.99'])
  })

  it('end early with a customer who does not pay', async () => {
    await moveTo('2027-07-01')
    const last = (await invoicesOf('main'))[3]
    const reason = { reason: 'Insolvent' }
    await ok('POST', `/api/invoices/${last.invoice_ref}/write_off`, reason)
    await ok('POST', '/api/contracts/cancel/main', { mode: 'now_with_credit', ...reason })
    await moveTo('2027-10-01')
    // Not given: 5,475.00 × 184/365 = 2,760.00, and 1,935.39 − 959.74 = 975.65. The rest of 7,510.39 is bad debt.
    // Revenue is what was billed for good: 22,259.40 + 1,000.00 less 120.00 and 3,735.65.
    expect(await balances()).toEqual({
      manual_clearing: '14629.01',
      stripe_clearing: '-44.30',
      revenue: '-19403.75',
      processor_fees: '44.30',
      bad_debt_expense: '3774.74',
      dispute_losses: '1000.00',
    })
    // The price of support that was spread over 2026 will not be paid: 3,680.00 − 3,735.65 = −55.65 at once.
    expect(
      Object.values(await revenueOf('2027-07-01', '2027-09-30'))
        .map(cents)
        .reduce(plus),
    ).toBe(-5565n)
    // At 0.92 bad debt is 3,472.76, and the 55.65 are 51.20. The position leaves at 0.88: 3,680.00 × 0.88.
    // Gain: 2,428.80 + 809.60 + 51.20 + 3,472.76 less 6,609.14 is 153.22; 1,045.67 before.
    // Revenue: 6,613.20 + 900.00, 160.00 of calls, 7,291.40 of 2026 with its calls (7,081.01 × 0.80 and 210.39 × 0.90 =
    // 5,854.16), 3,620.00 × 0.88 less 51.20.
    expect(await inEuros('2027-09-30')).toEqual({
      manual_clearing: '13387.89',
      stripe_clearing: '8.66',
      revenue: '-16661.76',
      processor_fees: '41.34',
      bad_debt_expense: '3472.76',
      dispute_losses: '950.00',
      fx_gain_loss: '-1198.89',
    })
  })

  it('tie at the end of every quarter: recognised and position are what was billed for good', async () => {
    // Billed less credit note and write-off, and revenue of the quarter.
    const quarters = [
      ['2025-03-31', '7008.01', '3048.00'], //   90 × 14.40 + 1,752.00
      ['2025-06-30', '-120.00', '1190.40'], //   91 × 14.40 − 120.00
      ['2025-09-30', '0.00', '1324.80'], //      92 × 14.40
      ['2025-12-31', '460.00', '1984.80'], //    92 × 19.40 and 200.00 of calls
      ['2026-03-31', '7281.00', '1846.00'], //   90 × 19.40 and 100.00 of calls
      ['2026-06-30', '0.00', '1765.40'], //      91 × 19.40
      ['2026-09-30', '0.00', '1840.00'], //      92 × 20.00
      ['2026-12-31', '0.00', '1840.00'], //      92 × 20.00
      ['2027-03-31', '7510.39', '1800.00'], //   90 × 20.00
      ['2027-06-30', '0.00', '1820.00'], //      91 × 20.00
      ['2027-09-30', '-3735.65', '-55.65'],
    ] as const
    let [billed, recognised, start] = [0n, 0n, '2025-01-01']
    for (const [end, invoiced, earned] of quarters) {
      // The kit was revenue of the first quarter.
      const kit = end === '2025-03-31' ? 100_000n : 0n
      const revenue = Object.values(await revenueOf(start, end)).map(cents)
      expect([end, revenue.reduce(plus, -kit)]).toEqual([end, cents(earned)])
      billed += cents(invoiced)
      recognised += cents(earned)
      expect([end, recognised + (await positionOf('main', end))]).toEqual([end, billed])
      start = dayAfter(end)
    }
  })

  it('leave nothing to do before the month is closed', async () => {
    // What is owed to Stripe is still to go to the closing rate.
    const closing = { base: 'USD', quote: 'EUR', date: '2027-07-31', rate: '0.92' }
    await ok('POST', '/api/fx-rates', { rates: [closing] })
    await ok('POST', '/api/accounting-periods/2027-07/close-entries', { entity_ref: 'seller' })
    const checklist = await ok('GET', '/api/accounting-periods/2027-07/checklist?entity_ref=seller')
    expect(checklist).toMatchObject({ over: true, ready: true })
  })

  it('can be made again from the facts', async () => {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await ok('GET', `/api/ledger/recomputed${cursor && `?cursor=${cursor}`}`)
      expect(page).toMatchObject({ missing: [], surplus: [], different: [] })
      cursor = page.next_cursor
    }
  })

  it('roll forward from year to year', async () => {
    const years = await Promise.all(
      [2025, 2026, 2027].map((year) =>
        ok('GET', `/api/revenue/rollforward?from=${year}-01-01&to=${year}-12-31`),
      ),
    )
    expect(years.map(({ tied }) => tied)).toEqual([true, true, true])
    expect(years.map(({ totals: [total] }) => total)).toMatchObject([
      {
        opening: '0.00',
        billed: '8468.01',
        recognised: '8548.00',
        other: '-120.00',
        closing: '-199.99',
        unbilled: '199.99',
      },
      { opening: '-199.99', billed: '7281.00', recognised: '7291.40', other: '0.00', closing: '-210.39' },
      { opening: '-210.39', billed: '7510.39', recognised: '3564.35', other: '-3735.65', closing: '0.00' },
    ])
  })

  it('leave entries that balance one by one, and nothing on what is settled, in dollars and in euros', async () => {
    // Five invoices, two positions; credit, disputes and waiting money of the customer. What the close of January 2026
    // added to receivables in euros, and took back, stands under its invoice.
    for (const currency of ['USD', 'functional'] as const) {
      const entries = await allEntries(currency)
      expect(entries.length).toBeGreaterThan(100)
      expect(entries.filter(({ postings }) => netOf(postings) !== 0n)).toEqual([])
      const items = Map.groupBy(
        entries.flatMap(({ postings }) => postings),
        itemOf,
      )
      items.delete('')
      expect(items.size).toBe(10)
      expect([...items].filter(([, postings]) => netOf(postings) !== 0n)).toEqual([])
    }
  })
})
