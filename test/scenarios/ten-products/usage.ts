type Data = { region?: string; size?: string }

/** A product, when it was used in New York, how much, and where. A date alone is noon of that day. */
type Used = [product: string, at: string, quantity: number | string, data?: Data]

/** What is used in each cycle, and what of earlier ones becomes known in it. */
const usage: Record<number, Used[]> = {
  1: [
    ['calls', '2024-02-10', 800],
    ['traffic', '2024-02-10', 300_000],
    ['messages', '2024-02-10', 1500],
    ['payments', '2024-02-10', 10],
    ['payments', '2024-02-11', 100],
    ['payments', '2024-02-12', 2000],
    ['compute', '2024-02-10', 100, { region: 'eu', size: 'large' }],
    ['compute', '2024-02-10', 50, { region: 'eu', size: 'small' }],
    ['compute', '2024-02-10', 10, { region: 'us', size: 'small' }],
    ['compute', '2024-02-10', 4, { region: 'ap', size: 'large' }],
    ['storage', '2024-02-01T09:00:00-05:00', 50],
    ['storage', '2024-02-01T15:00:00-05:00', 150],
    ['storage', '2024-02-02', 200],
    ['storage', '2024-02-03', 99],
  ],
  2: [
    ['calls', '2024-03-05', 400],
    // The last millisecond of the cycle, on summer time.
    ['calls', '2024-03-30T23:59:59.999-04:00', 600],
    ['traffic', '2024-03-05', 100_001],
    ['messages', '2024-03-05', 2001],
    ['payments', '2024-03-05', '33.33'],
    ['payments', '2024-03-06', '66.67'],
    ['compute', '2024-03-05', 300, { region: 'eu', size: 'large' }],
    ['compute', '2024-03-05', 500, { region: 'us', size: 'large' }],
    // 10 March has 23 hours.
    ['storage', '2024-03-09T23:30:00-05:00', 101],
    ['storage', '2024-03-10T00:30:00-05:00', 300],
    ['storage', '2024-03-10T23:30:00-04:00', 301],
    ['storage', '2024-03-11T00:15:00-04:00', 10],
  ],
  3: [
    // The first moment of the cycle.
    ['calls', '2024-03-31T00:00:00-04:00', '0.5'],
    ['calls', '2024-04-10', 1000],
    ['messages', '2024-04-10', 3000],
    ['payments', '2024-04-10', '26.66'],
    ['payments', '2024-04-11', '26.67'],
    ['compute', '2024-04-10', '33.3', { region: 'eu', size: 'medium' }],
    ['compute', '2024-04-10', 7, { size: 'small' }],
    ['storage', '2024-04-10', 1000],
  ],
  4: [
    ['calls', '2024-05-10', 4000],
    ['traffic', '2024-05-10', 500_000],
    ['messages', '2024-05-10', 3001],
    ['payments', '2024-05-10', '1326.66'],
    ['payments', '2024-05-11', '1326.67'],
    ['payments', '2024-05-12', 1000],
    ['compute', '2024-05-10', 1000, { region: 'ca', size: 'small' }],
  ],
  5: [
    ['traffic', '2024-06-10', 500_001],
    ['messages', '2024-06-10', 12_345],
    ['compute', '2024-06-10', '5.55', { region: 'eu', size: 'large' }],
  ],
  6: [
    // Of the fourth cycle, whose invoice is issued.
    ['calls', '2024-05-20', 2000],
    ['calls', '2024-07-10', 6000],
    ['traffic', '2024-07-10', 2_000_000],
    ['payments', '2024-07-10', 250],
    ['payments', '2024-07-11', 250],
    ['payments', '2024-07-12', 250],
    ['payments', '2024-07-13', 250],
    ['compute', '2024-07-10', 100, { region: 'us', size: 'small' }],
    ['compute', '2024-07-10', 100, { region: 'us', size: 'large' }],
    ['compute', '2024-07-10', 10, { region: 'eu', size: 'large' }],
    ['storage', '2024-07-10', 250],
    ['storage', '2024-07-11', 250],
    ['storage', '2024-07-12', 250],
  ],
  7: [
    ['calls', '2024-08-10', '1234.56'],
    ['traffic', '2024-08-10', 2_000_400],
    ['messages', '2024-08-10', 2000],
    ['payments', '2024-08-10', 500],
    ['payments', '2024-08-11', 40],
    ['payments', '2024-08-12', 8],
  ],
  8: [
    ['calls', '2024-09-10', 5000],
    ['traffic', '2024-09-10', 1_500_250],
    ['messages', '2024-09-10', 7999],
    ['payments', '2024-09-10', '123.45'],
    ['compute', '2024-09-10', 1, { region: 'ap', size: 'small' }],
    ['storage', '2024-09-15', '99.5'],
  ],
  9: [
    ['calls', '2024-10-10', 100],
    ['traffic', '2024-10-10', '249000.5'],
    ['messages', '2024-10-10', 22_000],
    ['payments', '2024-10-10', 5000],
    ['compute', '2024-10-10', '444.44', { region: 'eu', size: 'large' }],
    ['storage', '2024-10-30T23:59:59-04:00', 500],
  ],
  10: [
    ['calls', '2024-11-10', 2500],
    ['traffic', '2024-11-10', 900_000],
    ['messages', '2024-11-10', 4500],
    ['payments', '2024-11-10', 20],
    ['payments', '2024-11-11', 30],
    ['compute', '2024-11-10', 12, { region: 'eu', size: 'small' }],
    ['storage', '2024-10-31T00:00:00-04:00', 700],
    // 3 November has 25 hours.
    ['storage', '2024-11-03T00:30:00-04:00', 100],
    ['storage', '2024-11-03T23:30:00-05:00', 450],
    ['storage', '2024-11-04T00:10:00-05:00', 60],
  ],
  11: [
    ['calls', '2024-12-10', 10_000],
    ['traffic', '2024-12-10', 400_000],
    ['messages', '2024-12-10', '2500.5'],
    ['payments', '2024-12-10', '0.01'],
    ['compute', '2024-12-10', 2000, { region: 'us', size: 'small' }],
  ],
  12: [
    ['calls', '2025-01-10', '0.05'],
    ['traffic', '2025-01-10', 3_000_000],
    ['messages', '2025-01-10', 102_000],
    ['payments', '2025-01-10', 700],
    ['compute', '2025-01-10', 1, { region: 'eu', size: 'large' }],
    ['compute', '2025-01-10', 1, { region: 'eu', size: 'small' }],
    ['compute', '2025-01-10', 1, { region: 'us', size: 'tiny' }],
    ['compute', '2025-01-10', 1],
    ['storage', '2025-01-30', 1],
  ],
  // Of the last cycle, after the last invoice.
  13: [['payments', '2025-01-20', 500]],
}

/** An event is known by its product, its time, and its place among those of its cycle. */
export const eventsOf = (cycle: number) =>
  (usage[cycle] ?? []).map(([product, at, quantity, data], place) => ({
    event_id: `${product} ${at} ${place}`,
    timestamp: at.includes('T') ? at : `${at}T12:00:00-05:00`,
    customer_ref: 'acme',
    usage_product_ref: product,
    quantity,
    ...(data && { additional_report_data: data }),
  }))
