import { currencyDigits } from '../kernel/currency.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'

/** What a chart shows: for each label one amount of each series, minor units of one currency. */
export type ChartData = {
  /** `bars` stands series beside each other, `stack` on top of each other, `line` joins them. */
  kind: 'bars' | 'stack' | 'line'
  labels: readonly string[]
  series: readonly { name: string; amounts: readonly Minor[] }[]
}

/** A piece of a bar, in the units of the picture. */
export type Bar = {
  series: number
  label: number
  x: number
  y: number
  width: number
  height: number
}
type Tick = { y: number; text: string }
export type ChartLayout = {
  bars: Bar[]
  /** The points of each series, for a line. */
  lines: { x: number; y: number }[][]
  ticks: Tick[]
  /** The labels that there is room for. */
  names: { x: number; text: string }[]
  zero: number
}

/** The picture: axis labels stand left of and below the plot. */
export const FRAME = { width: 720, height: 232, left: 56, right: 8, top: 12, bottom: 24 } as const
const PLOT = {
  width: FRAME.width - FRAME.left - FRAME.right,
  height: FRAME.height - FRAME.top - FRAME.bottom,
}

const TICKS = 4n
const LABELS_MAX = 12
/** The mean width of a character of a label, and the gap between two labels. */
const [CHARACTER, GAP] = [6, 6] as const
/** The part of a label's place that its bars take. */
const FILLED = 0.68
const BAR_MAX = 56

/**
 * Lays a chart out: where each bar, line, tick and label stands. Amounts stay whole numbers up to the last step, which
 * makes places in a picture of them, and no figure is read back from it.
 */
export function layoutChart(data: ChartData, currency: string): ChartLayout {
  const { step, low, high } = scaleOf(...extentOf(data))
  const yOf = (amount: Minor): number =>
    round(FRAME.top + (PLOT.height * Number(high - amount)) / Number(high - low))
  const room = PLOT.width / Math.max(data.labels.length, 1)
  const middle = (label: number): number => round(FRAME.left + room * (label + 0.5))
  const ticks: Tick[] = []
  for (let amount = low; amount <= high; amount += step)
    ticks.push({ y: yOf(amount), text: shortMoney(amount, currency) })
  const shown = Math.max(Math.ceil(data.labels.length / LABELS_MAX), Math.ceil(widestOf(data.labels) / room))
  return {
    bars: data.kind === 'line' ? [] : barsOf(data, { room, middle, yOf }),
    lines:
      data.kind === 'line'
        ? data.series.map(({ amounts }) =>
            amounts.map((amount, label) => ({ x: middle(label), y: yOf(amount) })),
          )
        : [],
    ticks,
    names: data.labels.flatMap((text, label) => (label % shown === 0 ? [{ x: middle(label), text }] : [])),
    zero: yOf(0n),
  }
}

/** About how wide the widest label is, with the gap to its neighbour. */
const widestOf = (labels: readonly string[]): number =>
  Math.max(0, ...labels.map(({ length }) => length * CHARACTER + GAP))

type Places = { room: number; middle: (label: number) => number; yOf: (amount: Minor) => number }

function barsOf({ kind, labels, series }: ChartData, { room, middle, yOf }: Places): Bar[] {
  const abreast = kind === 'stack' ? 1 : series.length
  const width = Math.min((room * FILLED) / abreast, BAR_MAX)
  return labels.flatMap((_, label) => {
    // What is above zero is piled up, and what is below it hangs down.
    let [up, down] = [0n, 0n]
    return series.flatMap(({ amounts }, place): Bar[] => {
      const amount = amounts[label] ?? 0n
      if (amount === 0n) return []
      const from = kind === 'bars' ? 0n : amount > 0n ? up : down
      if (amount > 0n) up += amount
      else down += amount
      const [top, bottom] = amount > 0n ? [yOf(from + amount), yOf(from)] : [yOf(from), yOf(from + amount)]
      const shift = kind === 'bars' ? (place - abreast / 2) * width : -width / 2
      const x = round(middle(label) + shift)
      return [{ series: place, label, x, y: top, width: round(width), height: round(bottom - top) }]
    })
  })
}

/** The least and the most that has to find room; zero is always in the picture. */
function extentOf({ kind, labels, series }: ChartData): [Minor, Minor] {
  const ends = labels.flatMap((_, label) => {
    const amounts = series.map((one) => one.amounts[label] ?? 0n)
    if (kind !== 'stack') return amounts
    return [sum(amounts.filter((amount) => amount < 0n)), sum(amounts.filter((amount) => amount > 0n))]
  })
  const ordered = [0n, ...ends].sort((a, b) => (a < b ? -1 : 1))
  return [ordered[0]!, ordered.at(-1)!]
}

/**
 * Ticks at round amounts: 1, 2 or 5 times a power of ten, about four of them.
 *
 * @example 0 to 930: a quarter is 232.5, so the step is 500 and the scale ends at 1000
 */
function scaleOf(low: Minor, high: Minor): { step: Minor; low: Minor; high: Minor } {
  const span = high - low === 0n ? 1n : high - low
  const step = roundStep((span + TICKS - 1n) / TICKS)
  const down = low === 0n ? 0n : -((-low + step - 1n) / step) * step
  const up = ((high + step - 1n) / step) * step
  return { step, low: down, high: up === down ? down + step : up }
}

function roundStep(atLeast: Minor): Minor {
  for (let power = 1n; ; power *= 10n)
    for (const times of [1n, 2n, 5n]) if (times * power >= atLeast) return times * power
}

/** `1.2K`, `−3.5M`: the currency is named once for the whole axis. */
export function shortMoney(amount: Minor, currency: string): string {
  const format = new Intl.NumberFormat('en', {
    notation: 'compact',
    maximumFractionDigits: Math.max(currencyDigits(currency), 1),
  })
  return format.format(formatMoney(amount, currency) as `${number}`).replace('-', '−')
}

const round = (place: number): number => Math.round(place * 10) / 10
