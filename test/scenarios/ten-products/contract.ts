/**
 * A year with ten products: from 31 January 2024 to 30 January 2025 in New York, by months that end on the 31st or on the
 * last day of a shorter month. Dates are the first day of each cycle, and the day after the last one.
 */
export const boundaries = [
  '2024-01-31',
  '2024-02-29',
  '2024-03-31',
  '2024-04-30',
  '2024-05-31',
  '2024-06-30',
  '2024-07-31',
  '2024-08-31',
  '2024-09-30',
  '2024-10-31',
  '2024-11-30',
  '2024-12-31',
  '2025-01-31',
]

const usage = (product_ref: string, name: string, metric: object = { type: 'sum' }) => ({
  product_ref,
  name,
  kind: 'usage',
  metric,
})

export const products = [
  { product_ref: 'platform', name: 'Platform', kind: 'recurring' },
  { product_ref: 'seats', name: 'Seats', kind: 'recurring' },
  { product_ref: 'support', name: 'Support', kind: 'recurring' },
  { product_ref: 'onboarding', name: 'Onboarding', kind: 'one_time' },
  usage('calls', 'API calls'),
  usage('traffic', 'Traffic'),
  usage('messages', 'Messages'),
  usage('payments', 'Payments'),
  usage('compute', 'Compute', { type: 'sum', group_by: ['region', 'size'] }),
  usage('storage', 'Storage', { type: 'max' }),
]

const flat = (amount: string) => ({ type: 'flat', amount })

const graduated = (first: string, second: string, third: string) => ({
  type: 'graduated',
  tiers: [
    { up_to: 1000, unit_amount: first },
    { up_to: 5000, unit_amount: second },
    { up_to: null, unit_amount: third },
  ],
})

/** Half of the products are exempt from both taxes. */
const exempt = { tax: [{ name: 'Sales tax', rate_percent: '0', reason: 'exempt' }] }

const platform = (amount: string) => ({ product_ref: 'platform', model: flat(amount) })
const seats = (quantity: number) => ({ product_ref: 'seats', quantity, model: flat('40.00') })
const onTrial = { trial_days: 14 }

/** 360.00 from the fourth cycle on, and 450.00 from a day inside the ninth. */
const support = {
  product_ref: 'support',
  bill: 'arrears',
  model: flat('300.00'),
  ramp: [
    { from: 4, model: flat('360.00') },
    { from: '2024-10-15', model: flat('450.00') },
  ],
  ...exempt,
}

const onboarding = { product_ref: 'onboarding', model: flat('750.00'), ...exempt }

const calls = { product_ref: 'calls', model: graduated('0.10', '0.08', '0.05') }
const callsAnew = { product_ref: 'calls', model: graduated('0.12', '0.09', '0.06') }

/** Counted in megabytes and sold by the begun gigabyte; all of them at the price of the tier that they reach. */
const traffic = {
  product_ref: 'traffic',
  model: {
    type: 'volume',
    tiers: [
      { up_to: 500, unit_amount: '0.20' },
      { up_to: 2000, unit_amount: '0.15' },
      { up_to: null, unit_amount: '0.10' },
    ],
  },
  modifiers: { unit_conversion: { op: 'divide', factor: 1000, rounding: 'up' }, minimum_amount: '50.00' },
}

const messages = {
  product_ref: 'messages',
  model: { type: 'package', package_size: 1000, package_amount: '4.00', included_quantity: 2000 },
  ...exempt,
}

const payments = {
  product_ref: 'payments',
  model: {
    type: 'percentage',
    rate_percent: '1.5',
    fixed_per_event: '0.10',
    min_per_event: '0.50',
    max_per_event: '20.00',
  },
  ...exempt,
}

const compute = {
  product_ref: 'compute',
  model: {
    type: 'matrix',
    rows: [
      { match: { region: ['eu'], size: ['large'] }, unit_amount: '0.90' },
      { match: { region: ['eu'], size: '*' }, unit_amount: '0.40' },
      { match: { region: ['us', 'ca'], size: '*' }, unit_amount: '0.35' },
    ],
    default_unit_amount: '0.50',
  },
  modifiers: { maximum_amount: '400.00' },
}

/** The peak of each day, in begun packs of 100 gigabytes. */
const storage = {
  product_ref: 'storage',
  bucket: 'day',
  model: { type: 'package', package_size: 100, package_amount: '0.75' },
  ...exempt,
}

const metered = [traffic, messages, payments, compute, storage]

export const contract = {
  contract_ref: 'ten',
  customer_ref: 'acme',
  entity_ref: 'seller',
  timezone: 'America/New_York',
  start_date: '2024-01-31',
  end_date: '2025-01-31',
  billing_cycle: { unit: 'MONTHLY' },
  grace_hours: 6,
  tax: [
    { name: 'State tax', rate_percent: '4' },
    { name: 'City tax', rate_percent: '4.5' },
  ],
  discounts: [
    { name: 'Launch', type: 'percent', value: '20', products: ['platform'], cycles: 3 },
    { name: 'Summer', type: 'fixed', value: '25.00', from: '2024-07-31', until: '2024-10-31' },
  ],
  commitment: { amount: '28000.00', period: 'contract', product_ref: 'platform' },
  products: [platform('1000.00'), { ...seats(10), ...onTrial }, support, onboarding, calls, ...metered],
}

/** Five more seats inside a cycle that is paid for, billed on the day. */
export const moreSeats = {
  effective_date: '2024-03-15',
  bill: 'now',
  products: [platform('1000.00'), seats(15), support, onboarding, calls, ...metered],
}

/** Calls become dearer with the sixth cycle. */
export const dearerCalls = {
  effective_date: '2024-06-30',
  products: [platform('1000.00'), seats(15), support, onboarding, callsAnew, ...metered],
}

/** Inside the tenth cycle the seats go, and the platform is a smaller one. */
export const smaller = {
  effective_date: '2024-11-04',
  apply: 'now',
  products: [platform('600.00'), support, onboarding, callsAnew, ...metered],
}
