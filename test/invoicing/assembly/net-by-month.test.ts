import { expect, it } from 'vitest'
import { netByMonth } from '../../../src/invoicing/assembly/net-by-month.ts'

it.each([
  {
    name: 'a discount falls on the months as the price does',
    line: { amount: 1_000n, netAmount: 900n, usageByMonth: { '2026-01': '750', '2026-02': '250' } },
    net: { '2026-01': '675', '2026-02': '225' },
  },
  {
    // 10.00 × 80 / 100.
    name: 'usage that moves takes its discount along',
    line: { amount: 0n, netAmount: 0n, usageByMonth: { '2026-01': '-1000', '2026-02': '1000' } },
    sold: { amount: 10_000n, netAmount: 8_000n },
    net: { '2026-01': '-800', '2026-02': '800' },
  },
  {
    // 11.90 with 19 % inside are 10.00.
    name: 'and the tax inside its price',
    line: { amount: 0n, netAmount: 0n, usageByMonth: { '2026-01': '-1190', '2026-02': '1190' } },
    sold: { amount: 119_000n, netAmount: 100_000n },
    net: { '2026-01': '-1000', '2026-02': '1000' },
  },
  {
    // −10.00 and 10.01 are −8.00 and 8.008; the line itself, 0.01 less 20 %, is 0.01 net.
    name: 'so does usage that moves and grows a little, whatever rounding makes of the line',
    line: { amount: 1n, netAmount: 1n, usageByMonth: { '2026-01': '-1000', '2026-02': '1001' } },
    sold: { amount: 10_000n, netAmount: 8_000n },
    net: { '2026-01': '-800', '2026-02': '801' },
  },
  {
    // Months of both signs are worth what usage is sold for; the 20 % off the line itself are off the last one.
    name: 'a commitment with a discount of its own beside usage without one',
    line: { amount: 5_000n, netAmount: 4_000n, usageByMonth: { '2026-01': '-1000', '2026-02': '6000' } },
    sold: { amount: 10_000n, netAmount: 10_000n },
    net: { '2026-01': '-1000', '2026-02': '5000' },
  },
  {
    name: 'usage that was given away moves nothing',
    line: { amount: 0n, netAmount: 0n, usageByMonth: { '2026-01': '-1000', '2026-02': '1000' } },
    sold: { amount: 10_000n, netAmount: 0n },
    net: { '2026-01': '0', '2026-02': '0' },
  },
])('$name', ({ line, sold, net }) => {
  expect(netByMonth(line, sold)).toEqual(net)
})
