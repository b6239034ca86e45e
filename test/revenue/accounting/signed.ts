import { api } from '../../support/worker.ts'

/** A seller with selling prices, and contracts of it, made through the API. */

export const post = async (path: string, body: object) => {
  const answer = await api('POST', path, { body })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

/** A licence of 600.00 at once and a subscription of 100.00 a month, which sell for 300.00 and 100.00 a month. */
export async function seller(name: string, framework = 'ASC606'): Promise<void> {
  await post('/api/entities', {
    entity_ref: name,
    name,
    currency: 'USD',
    timezone: 'UTC',
    framework,
    invoice_series: name.toUpperCase().replace(/[^A-Z]/g, ''),
  })
  await post('/api/customers', {
    customer_ref: `${name}-buyer`,
    name: 'Buyer',
    email: 'buyer@example.com',
    entity_ref: name,
  })
  await post('/api/products', {
    product_ref: `${name}-seats`,
    name: 'Seats',
    kind: 'recurring',
    revenue: { recognition: 'month_even' },
  })
  await post('/api/products', { product_ref: `${name}-licence`, name: 'Licence', kind: 'one_time' })
  await post('/api/products', {
    product_ref: `${name}-rollout`,
    name: 'Rollout',
    kind: 'one_time',
    revenue: { recognition: 'milestone', milestones: [{ name: 'Design' }, { name: 'Go-live', weight: '3' }] },
  })
  const price = (product: string, amount: string, per: string) => ({
    product_ref: `${name}-${product}`,
    currency: 'USD',
    per,
    price: { amount },
    method: 'observed',
    evidence: 'Price list of 2025',
  })
  await post('/api/revenue/ssp', {
    entity_ref: name,
    effective_date: '2025-01-01',
    approved_by: 'Controller',
    entries: [
      price('seats', '100', 'month'),
      price('licence', '300', 'once'),
      price('rollout', '400', 'once'),
    ],
  })
}

export const flat = (product_ref: string, amount: string, more: object = {}) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
  ...more,
})

/** A year from 1 January 2025: 12 × 100.00 and 600.00. */
export const sign = (name: string, ref: string, more: object = {}) =>
  post('/api/contracts', {
    contract_ref: ref,
    customer_ref: `${name}-buyer`,
    entity_ref: name,
    currency: 'USD',
    start_date: '2025-01-01',
    end_date: '2026-01-01',
    products: [flat(`${name}-seats`, '100'), flat(`${name}-licence`, '600')],
    ...more,
  })
