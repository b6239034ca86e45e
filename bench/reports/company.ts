import { type AccrueApi, accrueApi } from '../../sandbox/accrue-api.ts'
import { addDays, addMonths, type LocalDate, monthOf } from '../../src/kernel/calendar.ts'

export const ENTITY = 'seller'
/** Contracts of the company that is played; the others are copies of them. */
export const PLAYED = 10
/** Every month of the company ends before this one begins. */
const ENDS: LocalDate = '2026-11-01'

/**
 * Plays months of a company of ten contracts through the API: invoices go out, are paid in the month after, and each
 * month is closed. Nine pay a fee by the month, two of them from the 15th, one beside usage in arrears and one for a year
 * only; one pays by the year. The last of them leaves its latest invoices open.
 */
export async function playCompany(url: string, months: number): Promise<void> {
  const api = accrueApi(url)
  const start = addMonths(ENDS, -months)
  await moveTo(api, start)
  await found(api, start)
  for (let month = start; month < ENDS; month = addMonths(month, 1)) {
    const next = addMonths(month, 1)
    await moveTo(api, addDays(next, -1))
    await use(api, addDays(next, -1))
    await moveTo(api, addDays(next, 2))
    await pay(api, addDays(next, 2))
    const isLast = next === ENDS
    if (!isLast) await lock(api, month)
  }
  await moveTo(api, addDays(ENDS, 9))
}

/** The last day that the company was played to, and the last month, which is over and not closed. */
export const TODAY = addDays(ENDS, 9)
export const OPEN_MONTH = monthOf(addDays(ENDS, -1))

const moveTo = (api: AccrueApi, day: LocalDate) =>
  api('POST', '/api/sandbox/clock', { advance_to: `${day}T12:00:00Z` })

const lock = (api: AccrueApi, month: LocalDate) =>
  api('POST', `/api/accounting-periods/${monthOf(month)}/lock`, { entity_ref: ENTITY, reason: 'Reported' })

async function found(api: AccrueApi, start: LocalDate): Promise<void> {
  await api('POST', '/api/entities', {
    ...{ entity_ref: ENTITY, name: 'Seller', legal_name: 'Seller Inc.', currency: 'USD', timezone: 'UTC' },
    ...{ framework: 'ASC606', invoice_series: 'INV' },
    bank_accounts: [
      { id: 'usd', currency: 'USD', beneficiary: 'Seller Inc.', bank_name: 'Bank', account_number: '1' },
    ],
  })
  for (const [product_ref, kind] of [
    ['plan', 'recurring'],
    ['calls', 'usage'],
  ])
    await api('POST', '/api/products', {
      ...{ product_ref, kind, name: product_ref },
      ...(kind === 'usage' ? { metric: { type: 'sum' } } : { revenue: { recognition: 'month_even' } }),
    })
  for (let place = 0; place < PLAYED; place++) {
    await api('POST', '/api/customers', {
      ...{ customer_ref: `customer-${place}`, name: `Customer ${place}`, country: 'US' },
      ...{ entity_ref: ENTITY, net_terms: 14 },
    })
    await api('POST', '/api/contracts', contract(place, start))
  }
}

function contract(place: number, start: LocalDate) {
  const from = place === 7 || place === 8 ? addDays(start, 14) : start
  return {
    ...{ contract_ref: `contract-${place}`, customer_ref: `customer-${place}`, entity_ref: ENTITY },
    ...{ currency: 'USD', timezone: 'UTC', start_date: from, anchor_date: from, invoicing: 'collective' },
    ...(place === 5 ? { end_date: addMonths(start, 12) } : {}),
    billing_cycle: place === 6 ? { unit: 'YEARLY', cycle: 1 } : { unit: 'MONTHLY', cycle: 1 },
    products: [
      { product_ref: 'plan', model: { type: 'flat', amount: '300.00', term: 'in_advance' } },
      ...(place === 8 ? [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '0.1' } }] : []),
    ],
  }
}

const use = (api: AccrueApi, day: LocalDate) =>
  api('POST', '/api/usage/event', {
    ...{ event_id: day, customer_ref: 'customer-8', usage_product_ref: 'calls', quantity: '100' },
    timestamp: `${day}T08:00:00Z`,
  })

type Open = { customer_ref: string; amount_due: string; payment_reference: string; document_number: string }

/** All that is open is paid by wire, but for the last two invoices of one customer. */
async function pay(api: AccrueApi, day: LocalDate): Promise<void> {
  const { data } = (await api('GET', '/api/invoices?state=ISSUED&limit=100')) as { data: Open[] }
  const kept = data.filter(({ customer_ref }) => customer_ref === 'customer-9').slice(0, 2)
  const rows = data
    .filter((invoice) => !kept.includes(invoice))
    .map((one) =>
      [day, one.amount_due, 'USD', one.payment_reference, '', `bank ${one.document_number}`].join(),
    )
  const file = ['date,amount,currency,reference,payer,id', ...rows].join('\n')
  await api('POST', `/api/bank-statements?entity_ref=${ENTITY}`, file, 'text/csv')
}
