import { ok } from './scenario.ts'

/** 1.00 each, or 0.50 each for all from 101 on. */
const tiers = [
  { up_to: '100', unit_amount: '1' },
  { up_to: null, unit_amount: '0.5' },
]

/** A contract of ACME from a day on, billed by calendar months: calls that get cheaper together, and nothing else. */
export async function sellCalls(startDate: string): Promise<void> {
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  await ok('POST', '/api/products', { product_ref: 'calls', name: 'Calls', kind: 'usage' })
  await ok('POST', '/api/contracts', {
    ...{ contract_ref: 'acme', customer_ref: 'acme', entity_ref: 'lumen', currency: 'USD' },
    start_date: startDate,
    products: [{ product_ref: 'calls', model: { type: 'volume', tiers } }],
  })
}

export const useCalls = (timestamp: string, quantity: number, customer = 'acme') =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: `${timestamp} ${customer}`, timestamp, quantity },
    ...{ customer_ref: customer, usage_product_ref: 'calls' },
  })
