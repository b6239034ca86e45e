import Stripe from 'stripe'
import { type AccrueApi, accrueApi } from '../accrue-api.ts'
import { payToken } from '../chain/token.ts'
import { STRIPE_SECRET_KEY, type Stack } from '../stack.ts'
import { ACME, contracts, customers, ENTITY_REF, entity, products } from './company.ts'
import { exchangeRates, FX_SOURCE } from './rates.ts'
import { usageEvents } from './usage.ts'

const MONTHS = 3
const BATCH = 2_000
const DAY_MS = 86_400_000
/** A month ends in Berlin up to two hours before it does in UTC: usage that is sent later would be a correction. */
const BEFORE_MONTH_END_MS = 2.5 * 3_600_000

/**
 * Plays the last three months of a demo company through the public API: usage comes in, months end, invoices go out and
 * are paid by wire, card and wallet, and all months but the last are closed. Does nothing when a company is there already.
 */
export async function loadDemo(stack: Stack, say: (step: string) => void): Promise<void> {
  const api = accrueApi(stack.url)
  const { data } = await api('GET', '/api/entities')
  if (data.length > 0) return say('The company of an earlier start is here')

  const today = Date.now()
  const months = monthStarts(today, MONTHS)
  const start = months[0]!
  // Noon in UTC, when it is the first day of the month for every party.
  await api('POST', '/api/sandbox/clock', { advance_to: new Date(start + DAY_MS / 2).toISOString() })

  say('Founding the demo company')
  await foundCompany(api, stack, isoDate(start))
  await api('POST', `/api/fx-rates?source=${FX_SOURCE}`, { rates: exchangeRates(start) })
  for (const [place, month] of months.entries()) {
    const next = months[place + 1]
    say(`Playing ${new Date(month).toISOString().slice(0, 7)}`)
    await playMonth(api, month, next ?? today)
    if (next === undefined) break
    await moveTo(api, Math.min(next + 2 * DAY_MS, today))
    await payMonth(api, stack, place)
    if (place < MONTHS - 1) await closeMonth(api, month)
  }
  await moveTo(api, Date.now())
}

async function foundCompany(api: AccrueApi, stack: Stack, start: string): Promise<void> {
  await api('POST', '/api/entities', entity(stack.tokenAddress))
  for (const product of products) await api('POST', '/api/products', product)
  const card = await saveInitechCard(stack)
  for (const customer of customers) {
    await api(
      'POST',
      '/api/customers',
      customer.customer_ref === 'initech' ? { ...customer, ...card } : customer,
    )
  }
  for (const contract of contracts(start)) await api('POST', '/api/contracts', contract)
}

/** Initech pays each invoice with a saved card, as if it had gone through the checkout once. */
async function saveInitechCard(stack: Stack) {
  const { protocol, hostname, port } = new URL(stack.stripeUrl)
  const stripe = new Stripe(STRIPE_SECRET_KEY, {
    protocol: protocol === 'https:' ? 'https' : 'http',
    host: hostname,
    port: Number(port),
    telemetry: false,
  })
  const customer = await stripe.customers.create(
    { name: 'Initech LLC' },
    { idempotencyKey: 'demo initech customer' },
  )
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  return {
    billing_online_payment_details: {
      auto_charge: true,
      payment_gateway_id: customer.id,
      payment_gateway_card_id: card.id,
    },
  }
}

/** Sends the usage of a month as it comes: day for day would take long, so in batches after the fact. */
async function playMonth(api: AccrueApi, from: number, to: number): Promise<void> {
  const end = to - BEFORE_MONTH_END_MS
  await moveTo(api, end)
  const events = usageEvents(from, end)
  for (let place = 0; place < events.length; place += BATCH) {
    await api('POST', '/api/usage/events', events.slice(place, place + BATCH))
  }
}

/** ACME pays by wire, then from a wallet, then not yet; Globex by wire, short by ten the second time. */
async function payMonth(api: AccrueApi, stack: Stack, month: number): Promise<void> {
  const acme = await openInvoices(api, ACME)
  const globex = await openInvoices(api, 'globex')
  const lines = globex.map((invoice, place) => ({
    invoice,
    amount: month === 1 && place === 0 ? lessTen(invoice.amount_due) : invoice.amount_due,
  }))
  if (month === 0) lines.push(...acme.map((invoice) => ({ invoice, amount: invoice.amount_due })))
  if (month < 2 && lines.length > 0) await postStatement(api, lines)
  if (month === 1) for (const invoice of acme) await payFromWallet(api, stack, invoice)
}

const closeMonth = (api: AccrueApi, month: number) =>
  api('POST', `/api/accounting-periods/${isoDate(month).slice(0, 7)}/lock`, {
    entity_ref: ENTITY_REF,
    reason: 'The month is reported',
  })

type OpenInvoice = {
  invoice_ref: string
  document_number: string
  payment_reference: string
  amount_due: string
  currency: string
  customer_name: string
}

async function openInvoices(api: AccrueApi, customerRef: string): Promise<OpenInvoice[]> {
  const { data } = await api('GET', `/api/invoices?customer_ref=${encodeURIComponent(customerRef)}`)
  return data.filter((invoice: { state: string }) => invoice.state !== 'PAID')
}

async function postStatement(
  api: AccrueApi,
  lines: { invoice: OpenInvoice; amount: string }[],
): Promise<void> {
  const { now } = await api('GET', '/api/sandbox/clock')
  const rows = lines.map(({ invoice, amount }) =>
    [
      now.slice(0, 10),
      amount,
      invoice.currency,
      invoice.payment_reference,
      '',
      `bank ${invoice.document_number}`,
    ].join(','),
  )
  const file = ['date,amount,currency,reference,payer,id', ...rows].join('\n')
  await api('POST', `/api/bank-statements?entity_ref=${ENTITY_REF}`, file, 'text/csv')
}

async function payFromWallet(api: AccrueApi, stack: Stack, invoice: OpenInvoice): Promise<void> {
  const { crypto } = await api('POST', `/api/invoices/${invoice.invoice_ref}/deposit-address`)
  const request = crypto[0]
  await payToken(stack.rpcUrl, {
    token: request.token_address,
    to: request.address,
    units: BigInt(request.units),
  })
}

/** Moves the clock on; it never goes back, and may be there already at the beginning of a month. */
async function moveTo(api: AccrueApi, instant: number): Promise<void> {
  const { now } = await api('GET', '/api/sandbox/clock')
  if (instant > Date.parse(now)) {
    await api('POST', '/api/sandbox/clock', { advance_to: new Date(instant).toISOString() })
  }
}

/** 00:00 UTC of the first days of the last `count` months and of this month. */
function monthStarts(today: number, count: number): number[] {
  const now = new Date(today)
  return Array.from({ length: count + 1 }, (_, place) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + place, 1),
  )
}

const isoDate = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

const lessTen = (amount: string): string => {
  const [whole = '', cents = ''] = amount.split('.')
  return `${BigInt(whole) - 10n}.${cents}`
}
