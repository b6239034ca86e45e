import { describe, expect, it } from 'vitest'
import { type ChartData, FRAME, layoutChart, shortMoney } from '../../src/web/chart-layout.ts'

const chart = (kind: ChartData['kind'], ...amounts: bigint[][]): ChartData => ({
  kind,
  labels: (amounts[0] ?? []).map((_, place) => `L${place}`),
  series: amounts.map((own, place) => ({ name: `S${place}`, amounts: own })),
})

const TOP = FRAME.top
const BOTTOM = FRAME.height - FRAME.bottom
/** The height of the plot: 232 − 12 − 24 = 196. */
const PLOT = 196

describe('layoutChart', () => {
  it('puts ticks at round amounts, in major units', () => {
    // 0 to 930.00: a quarter is 232.50, the next round step 500.00.
    const { ticks } = layoutChart(chart('bars', [930_00n]), 'USD')
    expect(ticks.map(({ text }) => text)).toEqual(['0', '500', '1K'])
    expect(ticks.map(({ y }) => y)).toEqual([BOTTOM, TOP + PLOT / 2, TOP])
  })

  it.each([
    ['JPY', 4n, ['0', '1', '2', '3', '4']],
    ['USD', 0n, ['0', '0.01']],
    // −70 to 0: a quarter is 17.50, the step 20.00, down to −80.00.
    ['EUR', -70_00n, ['−80', '−60', '−40', '−20', '0']],
    // 3 minor digits: 1.000 in quarters of 0.250, the step 0.500.
    ['KWD', 1_000n, ['0', '0.5', '1']],
  ])('scales %s %d', (currency, amount, expected) => {
    const { ticks } = layoutChart(chart('bars', [amount]), currency)
    expect(ticks.map(({ text }) => text)).toEqual(expected)
  })

  it('stacks what is above zero and hangs what is below it', () => {
    // 30 + 10 up, 40 down: from −40.00 to 40.00, half of the plot each.
    const { bars, zero } = layoutChart(chart('stack', [30_00n], [10_00n], [-40_00n]), 'USD')
    expect(zero).toBe(TOP + PLOT / 2)
    const half = PLOT / 2
    expect(bars.map(({ y, height }) => [y, height])).toEqual([
      [TOP + half / 4, (half * 3) / 4],
      [TOP, half / 4],
      [zero, half],
    ])
    expect(new Set(bars.map(({ x }) => x)).size).toBe(1)
  })

  it('stands bars of two series beside each other, and leaves out what is zero', () => {
    const { bars } = layoutChart(chart('bars', [10n, 0n], [5n, 5n]), 'USD')
    expect(bars.map(({ series, label }) => [series, label])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ])
    const [first, second] = bars
    expect(first!.x + first!.width).toBeCloseTo(second!.x)
  })

  it('joins the points of a line', () => {
    const { bars, lines } = layoutChart(chart('line', [0n, 100n]), 'USD')
    expect(bars).toEqual([])
    expect(lines).toEqual([[expect.objectContaining({ y: BOTTOM }), expect.objectContaining({ y: TOP })]])
  })

  it('names no more labels than there is room for', () => {
    const { names } = layoutChart(
      chart(
        'line',
        Array.from({ length: 31 }, () => 1n),
      ),
      'USD',
    )
    // 31 in steps of three.
    expect(names.map(({ text }) => text)).toEqual(Array.from({ length: 11 }, (_, place) => `L${place * 3}`))
  })

  it('leaves out every other label where they would touch', () => {
    // 12 months have 656 / 12 = 54.7 each; `Sept 2026` takes 9 x 6 + 6 = 60.
    const year = { ...chart('bars', []), labels: Array.from({ length: 12 }, () => 'Sept 2026') }
    expect(layoutChart(year, 'USD').names).toHaveLength(6)
  })

  it('keeps in the picture what no float could hold', () => {
    const { bars } = layoutChart(chart('bars', [9_007_199_254_740_993n]), 'USD')
    expect(bars[0]!.y).toBeGreaterThanOrEqual(TOP)
    expect(layoutChart(chart('bars', []), 'USD').bars).toEqual([])
  })
})

describe('shortMoney', () => {
  it.each([
    [123_456n, 'USD', '1.23K'],
    [-5_000_000_00n, 'EUR', '−5M'],
    [12n, 'JPY', '12'],
  ])('%d %s is %s', (amount, currency, text) => {
    expect(shortMoney(amount, currency)).toBe(text)
  })
})
