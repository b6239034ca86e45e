const CYCLE = { start_date: '2026-01-15', billing_cycle: { unit: 'MONTHLY', cycle: 1 } }

/** What would come of it, without anything kept. */
export const PREVIEW_EXAMPLES = {
  'POST /api/preview/rate': {
    currency: 'USD',
    model: {
      type: 'graduated',
      tiers: [
        { up_to: '1000', unit_amount: '0.01' },
        { up_to: null, unit_amount: '0.008' },
      ],
    },
    quantity: '2500',
  },
  'POST /api/preview/aggregate': {
    metric: { type: 'unique_count', field: 'user' },
    events: [
      { event_id: '1', timestamp: '2026-01-15T09:00:00Z', properties: { user: 'ada' } },
      { event_id: '2', timestamp: '2026-01-16T09:00:00Z', properties: { user: 'ada' } },
    ],
    from: '2026-01-01',
    to: '2026-02-01',
  },
  'POST /api/preview/periods': { ...CYCLE, alignment: 'calendar', count: 3 },
  'POST /api/preview/change': {
    ...CYCLE,
    currency: 'USD',
    date: '2026-01-25',
    change: { type: 'quantity', unit_amount: '20', before: '10', after: '12' },
  },
  'POST /api/preview/invoice': {
    currency: 'EUR',
    lines: [{ amount: '100.004' }, { amount: '49.50' }],
    taxes: { VAT: { rate_percent: '19' } },
    discounts: [{ type: 'percent', value: '10' }],
    credits: [{ amount: '20.00' }],
  },
  'POST /api/preview/reprice': {
    product_ref: 'api-calls',
    from: '2026-01-01',
    to: '2026-02-01',
    currency: 'EUR',
    model: { type: 'unit', unit_amount: '0.0003' },
  },
  'POST /api/preview/revenue': {
    framework: 'ASC606',
    currency: 'USD',
    transaction_price: '1200.00',
    obligations: [
      { key: 'licence', recognition: 'point_in_time', start: '2026-01-01', ssp: '600.00' },
      { key: 'support', recognition: 'daily', start: '2026-01-01', end: '2027-01-01', ssp: '900.00' },
    ],
    billings: [{ date: '2026-01-01', amount: '1200.00' }],
  },
}
