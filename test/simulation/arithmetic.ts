/** The auditor's own arithmetic and calendar: exact, and with nothing in common with the program's. */

const DAY_MS = 86_400_000
/** One unit, scaled. */
export const SCALE = 10n ** 15n

/** A decimal text as a whole number of 10^-15. */
export function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole + fraction.padEnd(15, '0'))
  return text.startsWith('-') ? -value : value
}

export type Rounding = 'half_up' | 'half_even'

/** The whole number next to `num / den`; a half goes away from zero, or to the even neighbour. */
export function roundedQuotient(num: bigint, den: bigint, rounding: Rounding = 'half_up'): bigint {
  if (num < 0n) return -roundedQuotient(-num, den, rounding)
  const floor = num / den
  const rest = (num - floor * den) * 2n
  if (rest < den) return floor
  if (rest > den || rounding === 'half_up') return floor + 1n
  return floor % 2n === 0n ? floor : floor + 1n
}

/** An exact amount of 10^-30 major units, times a fraction, in minor units; rounded once. */
export const minorOf = (
  exact: bigint,
  digits: number,
  rounding: Rounding,
  part: { num: bigint; den: bigint } = { num: 1n, den: 1n },
): bigint => roundedQuotient(exact * 10n ** BigInt(digits) * part.num, SCALE * SCALE * part.den, rounding)

type Tier = { upTo: string | null; unitAmount: string; flatAmount: string }

/** The graduated price of a scaled quantity, in minor units. */
export function priceOf(
  quantity: bigint,
  tiers: readonly Tier[],
  digits: number,
  rounding: Rounding,
): bigint {
  let exact = 0n
  let lower = 0n
  for (const [place, { upTo, unitAmount, flatAmount }] of tiers.entries()) {
    if (place > 0 && quantity <= lower) break
    const upper = upTo === null || quantity < scaled(upTo) ? quantity : scaled(upTo)
    exact += (upper - lower) * scaled(unitAmount) + scaled(flatAmount) * SCALE
    lower = upper
  }
  return minorOf(exact, digits, rounding)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The date on the calendar of a zone. */
export function dateIn(zone: string, at: number): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(zone, format)
  return format.format(at)
}

export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS

const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)

function plusMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

type Span = { name: string; end: string }

/** The days of a period; each ends where the next one begins. */
export const daysOf = ({ start, end }: { start: string; end: string }): Span[] =>
  Array.from({ length: daysBetween(start, end) }, (_, place) => ({
    name: plusDays(start, place),
    end: plusDays(start, place + 1),
  }))

/** The calendar months that a period touches; each ends where the period does, at the latest. */
export function monthsOf({ start, end }: { start: string; end: string }): Span[] {
  const months: Span[] = []
  for (let day = start; day < end; ) {
    const next = plusMonths(`${day.slice(0, 7)}-01`, 1)
    months.push({ name: day.slice(0, 7), end: next > end ? end : next })
    day = next
  }
  return months
}

type Cycle = { unit: 'DAILY' | 'WEEKLY' | 'MONTHLY'; count: number }

export type CycleDates = { start: string; end: string; days: number; fullDays: number }

/**
 * The first billing cycles of a contract: counted from the anchor, the first one cut by the contract's start. `fullDays`
 * are those of the cycle before it was cut.
 */
export function cyclesOf(
  terms: { start: string; anchor: string; cycle: Cycle },
  count: number,
): CycleDates[] {
  const grid = (step: number) => gridDate(terms.anchor, terms.cycle, step)
  let first = -40
  while (grid(first) <= terms.start) first += 1
  return Array.from({ length: count }, (_, place) => {
    const [fullStart, end] = [grid(first + place - 1), grid(first + place)]
    const start = place === 0 ? terms.start : fullStart
    return { start, end, days: daysBetween(start, end), fullDays: daysBetween(fullStart, end) }
  })
}

function gridDate(anchor: string, { unit, count }: Cycle, step: number): string {
  if (unit === 'DAILY') return plusDays(anchor, step * count)
  if (unit === 'WEEKLY') return plusDays(anchor, step * count * 7)
  return plusMonths(anchor, step * count)
}
