import { describe, expect, it } from 'vitest'
import { balances, moveTo, ok } from '../support/scenario.ts'
import { expected, type Shown, shown, sumOf } from './ten-products/compare.ts'
import { boundaries, contract, dearerCalls, moreSeats, products, smaller } from './ten-products/contract.ts'
import { bills, byProduct, creditNote, partial, year } from './ten-products/invoices.ts'
import { eventsOf } from './ten-products/usage.ts'

const TIMEZONE = 'America/New_York'
const CYCLES = boundaries.length - 1

const amend = (change: object) => ok('POST', '/api/contracts/edit/ten', change)

/** Within the six hours of grace after the end of a cycle: it is over, and not invoiced yet. */
const inGraceOf = (cycle: number) => moveTo(`${boundaries[cycle]}T06:00:00Z`)

/** Sends the usage of a cycle, and answers the events by their ids. */
async function use(cycle: number): Promise<Map<string, string>> {
  const events = eventsOf(cycle)
  const sent = await ok('POST', '/api/usage/events', events)
  expect(sent).toMatchObject({ accepted: events.length, duplicates: 0, rejected: 0 })
  type Result = { event_id: string; event_ref: string }
  return new Map(sent.results.map(({ event_id, event_ref }: Result) => [event_id, event_ref]))
}

async function sell() {
  await moveTo('2024-01-31T05:00:00Z')
  await ok('POST', '/api/entities', {
    entity_ref: 'seller',
    name: 'Seller',
    currency: 'USD',
    timezone: TIMEZONE,
  })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  for (const product of products) await ok('POST', '/api/products', product)
  await ok('POST', '/api/contracts', contract)
}

/** Amendments by the cycle in which they are made, after the invoice of the one before. */
const amendments: Record<number, [at: string, change: object]> = {
  2: ['2024-03-15T16:00:00Z', moreSeats],
  5: ['2024-06-10T16:00:00Z', dearerCalls],
  10: ['2024-11-04T16:00:00Z', smaller],
}

/** The events of each cycle come while it is in its grace, and with them what is late. */
async function play(first: number, last: number) {
  let deleted: string | undefined
  for (let cycle = first; cycle <= last; cycle++) {
    const amendment = amendments[cycle]
    if (amendment) {
      await moveTo(amendment[0])
      await amend(amendment[1])
    }
    await inGraceOf(cycle)
    const refs = await use(cycle)
    if (cycle === 7) deleted = refs.get('payments 2024-08-10 3')
    if (cycle === 8) await ok('DELETE', `/api/usage/event/${deleted}`)
  }
}

async function allInvoices(): Promise<Shown[]> {
  const { data } = await ok('GET', '/api/invoices?contract_ref=ten&limit=100')
  const invoices: Shown[] = await Promise.all(
    data.map(({ invoice_ref }: { invoice_ref: string }) => ok('GET', `/api/invoices/${invoice_ref}`)),
  )
  return invoices.sort((a, b) => a.document_number.localeCompare(b.document_number))
}

const pay = (invoice_ref: string, amount: string) =>
  ok('POST', '/api/invoices/reconcile', {
    invoice_ref,
    amount,
    currency: 'USD',
    received_on: '2024-03-20',
    external_id: `cheque for ${invoice_ref}`,
  })

describe('a year of ten products with three amendments', () => {
  it('is billed to the cent in its first half', async () => {
    await sell()
    await play(1, 6)
    const again = await ok('POST', '/api/usage/events', eventsOf(6))
    expect(again).toMatchObject({ accepted: 0, duplicates: eventsOf(6).length })
    const invoices = await allInvoices()
    expect(invoices.map(shown)).toEqual(bills.slice(0, 8).map(expected))
  })

  it('is billed to the cent, line by line, up to the final run', async () => {
    await play(7, CYCLES)
    const { data } = await ok('GET', '/api/contracts/invoices/current/ten')
    const last = bills.at(-2)!
    expect(data).toMatchObject([{ sub_total: last.subTotal, total: last.total[0] }])
    await moveTo('2025-02-20T12:00:00Z')
    await use(CYCLES + 1)
    await moveTo('2025-03-10T12:00:00Z')
    const invoices = await allInvoices()
    expect(invoices.map(shown)).toEqual(bills.map(expected))
  })

  it('adds up by product, by invoice and by day', async () => {
    const invoices = await allInvoices()
    const lines = invoices.flatMap((invoice) => invoice.lines)
    const sums = Object.entries(Object.groupBy(lines, (line) => line.product_ref)).map(([ref, own = []]) => [
      ref,
      sumOf(own.map((line) => line.amount)),
    ])
    expect(Object.fromEntries(sums)).toEqual(
      Object.fromEntries(Object.entries(byProduct).map(([ref, [amount]]) => [ref, amount])),
    )
    expect({
      lines: sumOf(lines.map((line) => line.amount)),
      discounts: sumOf(lines.map((line) => line.discount)),
      net: sumOf(lines.map((line) => line.net_amount)),
      taxes: sumOf(invoices.map((invoice) => invoice.total_tax)),
      total: sumOf(invoices.map((invoice) => invoice.total)),
    }).toEqual(year)
    expect(
      lines
        .filter((line) => line.kind !== 'one_time')
        .filter((line) => ![line.service_start, line.service_end].every((day) => boundaries.includes(day)))
        .map((line) => [line.product_ref, line.quantity, line.service_start, line.service_end]),
    ).toEqual(partial)
  })

  it('is revenue and receivables of as much', async () => {
    await pay('INV000001', '1618.00')
    await pay('INV000003', '1000.00')
    const invoices = await allInvoices()
    // 29,963.72 - 8.24 - 1,618.00 - 1,000.00
    expect(sumOf(invoices.map((invoice) => invoice.amount_due))).toBe('27337.48')
    expect((await ok('GET', '/api/credit-notes?contract_ref=ten')).data).toMatchObject([
      { sub_total: creditNote.net, total_tax: creditNote.tax, total: creditNote.total },
    ])
    // 28,082.60 - 7.60 and 1,881.12 - 0.64
    expect(await balances()).toEqual({
      accounts_receivable: '27337.48',
      manual_clearing: '2618.00',
      tax_payable: '-1880.48',
      revenue: '-28075.00',
    })
    // Due 30 days after their issue: that of the final run later, the last three months 8, 39 and 70 days ago. Of the last
    // of them 1,833.58 - 8.24 are left.
    expect(await ok('GET', '/api/reports/ar-aging')).toMatchObject({
      tied: true,
      totals: [
        {
          current: '7.60',
          days_1_30: '1825.34',
          days_31_60: '2472.60',
          days_61_90: '611.83',
          days_over_90: '22420.11',
        },
      ],
    })
    // The credit note is not billed, but given back.
    const span = 'from=2024-01-31&to=2025-03-10'
    expect(await ok('GET', `/api/revenue/rollforward?${span}`)).toMatchObject({
      tied: true,
      totals: [
        { opening: '0.00', billed: year.net, recognised: '28075.00', other: '-7.60', closing: '0.00' },
      ],
    })
  })

  it('is revenue of the days on which it was served', async () => {
    // After the first day: onboarding 750.00, platform 800.00 / 29 = 27.59, support 300.00 / 29 = 10.34. The commitment is
    // 28,000.00 / 12 / 29 = 80.46 by then, its fees (1,000.00 + 300.00) / 29 = 44.83, so 35.63 are missing. Later months
    // fill them, so they are net as usage was sold: 7,121.38 less 18.70 of discounts, x 0.99737 = 35.53. Billed are
    // 1,750.00 - 200.00 by then.
    expect(await balances('as_of=2024-01-31')).toEqual({
      accounts_receivable: '1618.00',
      tax_payable: '-68.00',
      revenue: '-823.46',
      contract_position: '-726.54',
    })
    // All but what January brings: 30/31 of 600.00 and of 450.00 (580.65 and 435.48), 713.51 of usage, and the rest of the
    // commitment: by then it is 28,000.00 x (11 + 1/31) / 12 = 25,741.94, its fees are 27,406.09 - 1,729.64 = 25,676.45, so
    // 65.49 x 0.99737 = 65.32 of the 593.91 are revenue, and 528.59 are not. Billed are 28,082.60 - 1,757.42 - 7.60 =
    // 26,317.58.
    expect(await balances('as_of=2024-12-31')).toEqual({
      accounts_receivable: '25504.54',
      manual_clearing: '2618.00',
      tax_payable: '-1804.96',
      revenue: '-25816.77',
      contract_position: '-500.81',
    })
  })

  it('is recurring revenue of its fees on the last day of each month', async () => {
    const { rows } = await ok('GET', '/api/reports/mrr?from=2024-01&to=2025-01')
    expect(rows.map(({ closing }: { closing: string }) => closing)).toEqual([
      '1100.00', // platform 1,000.00 - 20 %, support 300.00; seats are on trial
      '1500.00', // and seats 10 x 40.00
      '1700.00', // 15 seats
      '1960.00', // platform without discount, support 360.00
      '1960.00',
      '1960.00',
      '1960.00',
      '1960.00',
      '1960.00',
      '2050.00', // support 450.00
      '1050.00', // platform 600.00, no seats
      '1050.00',
      '0.00',
    ])
  })
})
