/** A product, what its line bills, how that comes about, and what a discount takes off it. */
type Row = [product: string, amount: string, how: string, discount?: string]
type Figure = [amount: string, how: string]

export type Bill = {
  issued: string
  /** Lines by their kind. */
  lines: Record<string, Row[]>
  /** All lines, what discounts take off them, and what is left with both taxes. */
  subTotal: string
  discount?: string
  taxable?: Figure
  state?: Figure
  city?: Figure
  /** What is left of the lines that are exempt. */
  exempt?: Figure
  total: Figure
}

/**
 * The invoices of the year, each figure worked out by hand from the contract and the usage. Taxes are 4 % and 4.5 % of what
 * is taxable: platform, seats, calls, traffic and compute, after discounts.
 */
export const bills: Bill[] = [
  {
    issued: '2024-01-31',
    lines: {
      recurring: [['platform', '1000.00', 'for cycle 1, 29 days', '200.00']],
      one_time: [['onboarding', '750.00', 'once']],
    },
    subTotal: '1750.00',
    discount: '200.00',
    taxable: ['800.00', '1,000.00 - 20 %'],
    state: ['32.00', '800.00 x 0.04'],
    city: ['36.00', '800.00 x 0.045'],
    exempt: ['750.00', 'onboarding'],
    total: ['1618.00', '1,750.00 - 200.00 + 32.00 + 36.00'],
  },
  {
    // The trial of 14 days is over.
    issued: '2024-02-14',
    lines: { change: [['seats', '206.90', '10 x 40.00 x 15/29 = 206.896; 14 to 28 February of 29 days']] },
    subTotal: '206.90',
    taxable: ['206.90', 'seats'],
    state: ['8.28', '206.90 x 0.04 = 8.276'],
    city: ['9.31', '206.90 x 0.045 = 9.3105'],
    total: ['224.49', '206.90 + 8.28 + 9.31'],
  },
  {
    issued: '2024-02-29',
    lines: {
      usage: [
        ['calls', '80.00', '800 x 0.10'],
        ['traffic', '60.00', '300,000 MB: 300 GB x 0.20'],
        ['messages', '0.00', '1,500 of 2,000 included'],
        ['payments', '22.10', '10: 0.25, at least 0.50; 100: 1.60; 2,000: 30.10, at most 20.00'],
        ['compute', '115.50', '100 x 0.90 + 50 x 0.40 + 10 x 0.35 + 4 x 0.50'],
        ['storage', '3.75', 'peaks of 150, 200 and 99: 2 + 2 + 1 packs x 0.75'],
      ],
      recurring: [
        ['support', '300.00', 'of cycle 1'],
        ['platform', '1000.00', 'for cycle 2', '200.00'],
        ['seats', '400.00', '10 x 40.00 for cycle 2'],
      ],
    },
    subTotal: '1981.35',
    discount: '200.00',
    taxable: ['1455.50', '80.00 + 60.00 + 115.50 + 800.00 + 400.00'],
    state: ['58.22', '1,455.50 x 0.04'],
    city: ['65.50', '1,455.50 x 0.045 = 65.4975'],
    exempt: ['325.85', '0.00 + 22.10 + 3.75 + 300.00'],
    total: ['1905.07', '1,981.35 - 200.00 + 58.22 + 65.50'],
  },
  {
    // The first amendment.
    issued: '2024-03-15',
    lines: { change: [['seats', '103.23', '5 x 40.00 x 16/31 = 103.226; 15 to 30 March of 31 days']] },
    subTotal: '103.23',
    taxable: ['103.23', 'seats'],
    state: ['4.13', '103.23 x 0.04 = 4.1292'],
    city: ['4.65', '103.23 x 0.045 = 4.64535'],
    total: ['112.01', '103.23 + 4.13 + 4.65'],
  },
  {
    issued: '2024-03-31',
    lines: {
      usage: [
        ['calls', '100.00', '400 + 600 = 1,000, all in the first tier: x 0.10'],
        ['traffic', '50.00', '100,001 MB: 101 GB x 0.20 = 20.20, at least 50.00'],
        ['messages', '4.00', '2,001 - 2,000 = 1: 1 package'],
        ['payments', '1.70', '33.33: 0.59995; 66.67: 1.10005'],
        ['compute', '400.00', '300 x 0.90 + 500 x 0.35 = 445.00, at most 400.00'],
        ['storage', '5.25', 'peaks of 101, 301 and 10: 2 + 4 + 1 packs x 0.75'],
      ],
      recurring: [
        ['support', '300.00', 'of cycle 2'],
        ['platform', '1000.00', 'for cycle 3', '200.00'],
        ['seats', '600.00', '15 x 40.00 for cycle 3'],
      ],
    },
    subTotal: '2460.95',
    discount: '200.00',
    taxable: ['1950.00', '100.00 + 50.00 + 400.00 + 800.00 + 600.00'],
    state: ['78.00', '1,950.00 x 0.04'],
    city: ['87.75', '1,950.00 x 0.045'],
    exempt: ['310.95', '4.00 + 1.70 + 5.25 + 300.00'],
    total: ['2426.70', '2,460.95 - 200.00 + 78.00 + 87.75'],
  },
  {
    issued: '2024-04-30',
    lines: {
      usage: [
        ['calls', '100.04', '1,000 x 0.10 + 0.5 x 0.08'],
        ['traffic', '50.00', 'nothing used, at least 50.00'],
        ['messages', '4.00', '3,000 - 2,000 = 1,000: 1 package'],
        ['payments', '1.00', '26.66: 0.4999, at least 0.50; 26.67: 0.50005; 1.00005'],
        ['compute', '16.82', '33.3 x 0.40 + 7 x 0.50, as they have no region'],
        ['storage', '7.50', 'a peak of 1,000: 10 packs x 0.75'],
      ],
      recurring: [
        ['support', '300.00', 'of cycle 3'],
        ['platform', '1000.00', 'for cycle 4'],
        ['seats', '600.00', '15 x 40.00 for cycle 4'],
      ],
    },
    subTotal: '2079.36',
    taxable: ['1766.86', '100.04 + 50.00 + 16.82 + 1,000.00 + 600.00'],
    state: ['70.67', '1,766.86 x 0.04 = 70.6744'],
    city: ['79.51', '1,766.86 x 0.045 = 79.5087'],
    exempt: ['312.50', '4.00 + 1.00 + 7.50 + 300.00'],
    total: ['2229.54', '2,079.36 + 70.67 + 79.51'],
  },
  {
    issued: '2024-05-31',
    lines: {
      usage: [
        ['calls', '340.00', '4,000: 1,000 x 0.10 + 3,000 x 0.08'],
        ['traffic', '100.00', '500,000 MB: 500 GB, the last of the tier, x 0.20'],
        ['messages', '8.00', '3,001 - 2,000 = 1,001: 2 packages'],
        ['payments', '55.10', '19.9999; 20.00005, at most 20.00; 15.10: 55.0999'],
        ['compute', '350.00', '1,000 x 0.35'],
      ],
      recurring: [
        ['support', '360.00', 'of cycle 4'],
        ['platform', '1000.00', 'for cycle 5'],
        ['seats', '600.00', '15 x 40.00 for cycle 5'],
      ],
    },
    subTotal: '2813.10',
    taxable: ['2390.00', '340.00 + 100.00 + 350.00 + 1,000.00 + 600.00'],
    state: ['95.60', '2,390.00 x 0.04'],
    city: ['107.55', '2,390.00 x 0.045'],
    exempt: ['423.10', '8.00 + 55.10 + 360.00'],
    total: ['3016.25', '2,813.10 + 95.60 + 107.55'],
  },
  {
    issued: '2024-06-30',
    lines: {
      usage: [
        ['traffic', '75.15', '500,001 MB: 501 GB x 0.15'],
        ['messages', '44.00', '12,345 - 2,000 = 10,345: 11 packages x 4.00'],
        ['compute', '5.00', '5.55 x 0.90 = 4.995'],
      ],
      recurring: [
        ['support', '360.00', 'of cycle 5'],
        ['platform', '1000.00', 'for cycle 6'],
        ['seats', '600.00', '15 x 40.00 for cycle 6'],
      ],
    },
    subTotal: '2084.15',
    taxable: ['1680.15', '75.15 + 5.00 + 1,000.00 + 600.00'],
    state: ['67.21', '1,680.15 x 0.04 = 67.206'],
    city: ['75.61', '1,680.15 x 0.045 = 75.60675'],
    exempt: ['404.00', '44.00 + 360.00'],
    total: ['2226.97', '2,084.15 + 67.21 + 75.61'],
  },
  {
    // By the prices of the second amendment; 25.00 are off the 2,901.15 that are no correction.
    issued: '2024-07-31',
    lines: {
      usage: [
        ['calls', '540.00', '6,000: 1,000 x 0.12 + 4,000 x 0.09 + 1,000 x 0.06', '4.65'],
        ['traffic', '300.00', '2,000,000 MB: 2,000 GB, the last of the tier, x 0.15', '2.59'],
        ['payments', '15.40', '4 x (250 x 1.5 % + 0.10)', '0.13'],
        ['compute', '79.00', '100 x 0.35 + 100 x 0.35 + 10 x 0.90', '0.68'],
        ['storage', '6.75', 'three peaks of 250: 3 + 3 + 3 packs x 0.75', '0.06'],
      ],
      recurring: [
        ['support', '360.00', 'of cycle 6', '3.10'],
        ['platform', '1000.00', 'for cycle 7', '8.62'],
        ['seats', '600.00', '15 x 40.00 for cycle 7', '5.17'],
      ],
      usage_adjustment: [
        ['calls', '130.00', 'cycle 4 at its own price: 6,000 are 100 + 320 + 50 = 470.00; less 340.00'],
      ],
    },
    subTotal: '3031.15',
    discount: '25.00',
    taxable: ['2627.29', '2,519.00 x (1 - 25/2,901.15) + 130.00 = 2,627.2931'],
    state: ['105.09', '2,627.2931 x 0.04 = 105.0917'],
    city: ['118.23', '2,627.2931 x 0.045 = 118.2282'],
    exempt: ['378.86', '382.15 x (1 - 25/2,901.15) = 378.8569'],
    total: ['3229.47', '3,031.15 - 25.00 + 105.09 + 118.23'],
  },
  {
    issued: '2024-08-31',
    lines: {
      usage: [
        ['calls', '141.11', '1,000 x 0.12 + 234.56 x 0.09 = 141.1104', '1.53'],
        ['traffic', '200.10', '2,000,400 MB: 2,001 GB x 0.10', '2.17'],
        ['messages', '0.00', '2,000 of 2,000 included'],
        ['payments', '8.80', '500: 7.60; 40: 0.70; 8: 0.22, at least 0.50', '0.09'],
      ],
      recurring: [
        ['support', '360.00', 'of cycle 7', '3.90'],
        ['platform', '1000.00', 'for cycle 8', '10.82'],
        ['seats', '600.00', '15 x 40.00 for cycle 8', '6.49'],
      ],
    },
    subTotal: '2310.01',
    discount: '25.00',
    taxable: ['1920.20', '1,941.21 x (1 - 25/2,310.01) = 1,920.2013'],
    state: ['76.81', '1,920.2013 x 0.04 = 76.8081'],
    city: ['86.41', '1,920.2013 x 0.045 = 86.4091'],
    exempt: ['364.81', '368.80 x (1 - 25/2,310.01) = 364.8087'],
    total: ['2448.23', '2,310.01 - 25.00 + 76.81 + 86.41'],
  },
  {
    // A payment of 500 of the cycle before was deleted.
    issued: '2024-09-30',
    lines: {
      usage: [
        ['calls', '480.00', '5,000: 1,000 x 0.12 + 4,000 x 0.09', '4.46'],
        ['traffic', '225.15', '1,500,250 MB: 1,501 GB x 0.15', '2.09'],
        ['messages', '24.00', '7,999 - 2,000 = 5,999: 6 packages x 4.00', '0.22'],
        ['payments', '1.95', '123.45 x 1.5 % + 0.10 = 1.95175', '0.02'],
        ['compute', '0.50', '1 x 0.50'],
        ['storage', '0.75', 'a peak of 99.5: 1 pack x 0.75', '0.01'],
      ],
      recurring: [
        ['support', '360.00', 'of cycle 8', '3.34'],
        ['platform', '1000.00', 'for cycle 9', '9.29'],
        ['seats', '600.00', '15 x 40.00 for cycle 9', '5.57'],
      ],
      usage_adjustment: [['payments', '-7.60', 'cycle 7: 0.70 + 0.50 = 1.20; less 8.80']],
    },
    subTotal: '2684.75',
    discount: '25.00',
    taxable: ['2284.24', '2,305.65 x (1 - 25/2,692.35) = 2,284.2407'],
    state: ['91.37', '2,284.2407 x 0.04 = 91.3696'],
    city: ['102.79', '2,284.2407 x 0.045 = 102.7908'],
    exempt: ['375.51', '386.70 x (1 - 25/2,692.35) - 7.60 = 375.5093'],
    total: ['2853.91', '2,684.75 - 25.00 + 91.37 + 102.79'],
  },
  {
    issued: '2024-10-31',
    lines: {
      usage: [
        ['calls', '12.00', '100 x 0.12'],
        ['traffic', '50.00', '249,000.5 MB: 250 GB x 0.20'],
        ['messages', '80.00', '22,000 - 2,000 = 20,000: 20 packages x 4.00'],
        ['payments', '20.00', '5,000: 75.10, at most 20.00'],
        ['compute', '400.00', '444.44 x 0.90 = 399.996'],
        ['storage', '3.75', 'a peak of 500: 5 packs x 0.75'],
      ],
      recurring: [
        ['support', '174.19', '360.00 x 15/31 = 174.194; 30 September to 14 October'],
        ['support', '232.26', '450.00 x 16/31 = 232.258; 15 to 30 October'],
        ['platform', '1000.00', 'for cycle 10'],
        ['seats', '600.00', '15 x 40.00 for cycle 10'],
      ],
    },
    subTotal: '2572.20',
    taxable: ['2062.00', '12.00 + 50.00 + 400.00 + 1,000.00 + 600.00'],
    state: ['82.48', '2,062.00 x 0.04'],
    city: ['92.79', '2,062.00 x 0.045'],
    exempt: ['510.20', '80.00 + 20.00 + 3.75 + 174.19 + 232.26'],
    total: ['2747.47', '2,572.20 + 82.48 + 92.79'],
  },
  {
    // The third amendment: 4 to 29 November are 26 of 30 days.
    issued: '2024-11-30',
    lines: {
      usage: [
        ['calls', '255.00', '2,500: 1,000 x 0.12 + 1,500 x 0.09'],
        ['traffic', '135.00', '900,000 MB: 900 GB x 0.15'],
        ['messages', '12.00', '4,500 - 2,000 = 2,500: 3 packages x 4.00'],
        ['payments', '1.05', '20: 0.40, at least 0.50; 30: 0.55'],
        ['compute', '4.80', '12 x 0.40'],
        ['storage', '9.75', 'peaks of 700, 450 and 60: 7 + 5 + 1 packs x 0.75'],
      ],
      recurring: [
        ['support', '450.00', 'of cycle 10'],
        ['platform', '600.00', 'for cycle 11'],
      ],
      change: [
        ['platform', '-866.67', '1,000.00 x 26/30 = 866.667'],
        ['platform', '520.00', '600.00 x 26/30'],
        ['seats', '-520.00', '15 x 40.00 x 26/30'],
      ],
    },
    subTotal: '600.93',
    taxable: ['128.13', '255.00 + 135.00 + 4.80 + 600.00 - 866.67 + 520.00 - 520.00'],
    state: ['5.13', '128.13 x 0.04 = 5.1252'],
    city: ['5.77', '128.13 x 0.045 = 5.76585'],
    exempt: ['472.80', '12.00 + 1.05 + 9.75 + 450.00'],
    total: ['611.83', '600.93 + 5.13 + 5.77'],
  },
  {
    issued: '2024-12-31',
    lines: {
      usage: [
        ['calls', '780.00', '10,000: 1,000 x 0.12 + 4,000 x 0.09 + 5,000 x 0.06'],
        ['traffic', '80.00', '400,000 MB: 400 GB x 0.20'],
        ['messages', '4.00', '2,500.5 - 2,000 = 500.5: 1 package'],
        ['payments', '0.50', '0.01: 0.10015, at least 0.50'],
        ['compute', '400.00', '2,000 x 0.35 = 700.00, at most 400.00'],
      ],
      recurring: [
        ['support', '450.00', 'of cycle 11'],
        ['platform', '600.00', 'for cycle 12'],
      ],
    },
    subTotal: '2314.50',
    taxable: ['1860.00', '780.00 + 80.00 + 400.00 + 600.00'],
    state: ['74.40', '1,860.00 x 0.04'],
    city: ['83.70', '1,860.00 x 0.045'],
    exempt: ['454.50', '4.00 + 0.50 + 450.00'],
    total: ['2472.60', '2,314.50 + 74.40 + 83.70'],
  },
  {
    issued: '2025-01-31',
    lines: {
      usage: [
        ['calls', '0.01', '0.05 x 0.12 = 0.006'],
        ['traffic', '300.00', '3,000,000 MB: 3,000 GB x 0.10'],
        ['messages', '400.00', '102,000 - 2,000 = 100,000: 100 packages x 4.00'],
        ['payments', '10.60', '700 x 1.5 % + 0.10'],
        ['compute', '2.15', '0.90 + 0.40 + 0.35 + 0.50'],
        ['storage', '0.75', 'a peak of 1: 1 pack x 0.75'],
      ],
      recurring: [['support', '450.00', 'of cycle 12']],
      true_up: [['platform', '593.91', '28,000.00 less the 27,406.09 of all lines above but onboarding']],
    },
    subTotal: '1757.42',
    taxable: ['896.07', '0.01 + 300.00 + 2.15 + 593.91'],
    state: ['35.84', '896.07 x 0.04 = 35.8428'],
    city: ['40.32', '896.07 x 0.045 = 40.32315'],
    exempt: ['861.35', '400.00 + 10.60 + 0.75 + 450.00'],
    total: ['1833.58', '1,757.42 + 35.84 + 40.32'],
  },
  {
    // The final run, 35 days after the end: a payment that came late.
    issued: '2025-03-07',
    lines: { usage_adjustment: [['payments', '7.60', 'cycle 12: 10.60 + 7.60 = 18.20; less 10.60']] },
    subTotal: '7.60',
    exempt: ['7.60', 'payments'],
    total: ['7.60', 'no tax'],
  },
]

/**
 * That payment is a part of the commitment: 7.60 of the 593.91 come back with their taxes, which are more than the invoice
 * of the final run could take.
 */
export const creditNote = {
  net: '7.60',
  tax: '0.64', // 7.60 x 0.04 = 0.304 and 7.60 x 0.045 = 0.342
  total: '8.24',
}

/** The same year, added up by product. */
export const byProduct: Record<string, Figure> = {
  platform: ['11447.24', '10 x 1,000.00 + 2 x 600.00 - 866.67 + 520.00 + 593.91'],
  seats: ['4990.13', '206.90 + 400.00 + 103.23 + 8 x 600.00 - 520.00'],
  support: ['4456.45', '3 x 300.00 + 5 x 360.00 + 174.19 + 232.26 + 3 x 450.00'],
  onboarding: ['750.00', 'once'],
  calls: ['2958.16', '620.04 of the first prices, 130.00 late, 2,208.12 of the second'],
  traffic: ['1625.40', '60 + 50 + 50 + 100 + 75.15 + 300 + 200.10 + 225.15 + 50 + 135 + 80 + 300'],
  messages: ['580.00', '145 packages x 4.00'],
  payments: [
    '138.20',
    '22.10 + 1.70 + 1 + 55.10 + 15.40 + 8.80 + 1.95 - 7.60 + 20 + 1.05 + 0.50 + 10.60 + 7.60',
  ],
  compute: ['1773.77', '115.50 + 400 + 16.82 + 350 + 5 + 79 + 0.50 + 400 + 4.80 + 400 + 2.15'],
  storage: ['38.25', '51 packs x 0.75'],
}

/** And by what it is made of. */
export const year = {
  lines: '28757.60', // 28,000.00 committed, 750.00 once, and 7.60 that come back by the credit note
  discounts: '675.00', // 3 x 200.00 and 3 x 25.00
  net: '28082.60',
  taxes: '1881.12',
  total: '29963.72',
}

/** Lines of a part of a cycle: product, quantity, the first day and the day after the last one. */
export const partial = [
  ['seats', '10', '2024-02-14', '2024-02-29'],
  ['seats', '5', '2024-03-15', '2024-03-31'],
  ['support', '1', '2024-09-30', '2024-10-15'],
  ['support', '1', '2024-10-15', '2024-10-31'],
  ['platform', '-1', '2024-11-04', '2024-11-30'],
  ['platform', '1', '2024-11-04', '2024-11-30'],
  ['seats', '-15', '2024-11-04', '2024-11-30'],
]
