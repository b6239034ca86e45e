import { addDays } from '../../../src/kernel/calendar.ts'

/**
 * Revenue of services that are given day by day, worked out with a number for each day and nothing else: what a
 * modification does to them is written down from the standard, and shares no code with the program. Floats, so it is
 * held against whole minor units with some room.
 */
export type Service = { key: string; ssp: number; start: number; end: number; isSeries: boolean }

/** More of a service for a price, another end of one, and a change of the price of the rest; days count from 2026. */
export type Change = {
  day: number
  price: number
  adds: readonly Service[]
  longer?: { key: string; end: number }
}

type Line = Service & { perDay: number; contract: number; revenue: number[] }

const HORIZON = 1_500

export const dayOf = (day: number) => addDays('2026-01-01', day)

export class DayByDay {
  readonly #lines: Line[]

  constructor(price: number, services: readonly Service[]) {
    const all = total(services.map(({ ssp }) => ssp))
    this.#lines = services.map((service) => priced(service, 0, (price * service.ssp) / all))
  }

  /** Revenue of a service up to the end of a day. */
  earned(key: string, day: number): number {
    return total(this.#lines.find((line) => line.key === key)!.revenue.slice(0, day + 1))
  }

  change({ day, price, adds, longer }: Change): void {
    if (price === 0 && adds.length === 0 && !longer) return
    const list = total(adds.map(({ ssp }) => ssp))
    if (adds.length > 0 && !longer && price === list) {
      const contract = 1 + Math.max(...this.#lines.map((line) => line.contract))
      this.#lines.push(...adds.map((added) => priced(added, contract, added.ssp)))
      return
    }
    const contract = this.#lines.find(({ key }) => key === longer?.key)?.contract ?? 0
    const open = this.#lines.filter(
      (line) => line.contract === contract && (line.end > day || line.key === longer?.key),
    )
    const joining = adds.map((added) => priced(added, contract, 0))
    const pool = price + total(open.map(({ revenue }) => total(revenue.slice(day))))
    const isPartlyGiven = (line: Line) => !line.isSeries && line.start < day && day < line.end
    const anew = new Set(open.filter(isPartlyGiven))
    for (const line of open) if (line.key === longer?.key) line.end = longer.end
    const rest = [...open, ...joining].map((line) => ({ line, weight: line.perDay * daysLeft(line, day) }))
    const all = total(rest.map(({ weight }) => weight))
    for (const { line, weight } of rest) divide(line, day, (pool * weight) / all, anew.has(line))
    this.#lines.push(...joining)
  }
}

const daysLeft = ({ start, end }: Service, day: number): number => Math.max(0, end - Math.max(start, day))

/** Distinct days share what is left; days that are not distinct share all of the price, and what is behind catches up. */
function divide(line: Line, day: number, share: number, isAnew: boolean): void {
  const { start, end, revenue } = line
  const before = total(revenue.slice(0, day))
  const perDay = isAnew ? (before + share) / (end - start) : share / daysLeft(line, day)
  for (let at = day; at < HORIZON; at++) revenue[at] = at >= start && at < end ? perDay : 0
  if (isAnew) revenue[day]! += perDay * (day - start) - before
}

function priced(service: Service, contract: number, price: number): Line {
  const { start, end, ssp } = service
  const days = end - start
  const revenue = Array.from({ length: HORIZON }, (_, at) => (at >= start && at < end ? price / days : 0))
  return { ...service, perDay: ssp / days, contract, revenue }
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)
