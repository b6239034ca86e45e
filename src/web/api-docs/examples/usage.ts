const EVENT = {
  timestamp: '2026-01-15T09:02:27.279Z',
  customer_ref: 'globex',
  usage_product_ref: 'api-calls',
  quantity: 25000,
  additional_report_data: { region: 'eu' },
}

const SENT = { tenant: { id: 'globex' }, at: 1768467747, count: 25000 }

/** Usage, in the words of Accrue or in others. */
export const USAGE_EXAMPLES = {
  'POST /api/usage/event': { ...EVENT, event_id: 'req-1001' },
  'POST /api/usage/events': [
    { ...EVENT, event_id: 'req-1002' },
    { ...EVENT, event_id: 'req-1003', quantity: '12.5' },
  ],
  'POST /api/usage/event/update': {
    ...EVENT,
    event_ref: 'evt_Z2xvYmV4.45bd21f879620dbecdb05a02ef83ec6a',
    quantity: 24000,
  },
  'POST /api/usage/meters/{customer_ref}': { shards: 4 },
  'POST /api/usage/formats': {
    format_name: 'gateway',
    fields: {
      customer_ref: { path: 'tenant.id' },
      timestamp: { path: 'at', unit: 'epoch_seconds' },
      quantity: { path: 'count' },
      usage_product_ref: { value: 'api-calls' },
    },
  },
  'POST /api/usage/formats/{format_name}/preview': { event: SENT },
  'POST /api/usage/event/formatted': { format_name: 'gateway', event: SENT },
  'POST /api/usage/event/formatted/update': {
    event_ref: 'evt_Z2xvYmV4.45bd21f879620dbecdb05a02ef83ec6a',
    format_name: 'gateway',
    event: { ...SENT, count: 24000 },
  },
}
