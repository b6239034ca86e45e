/** Who publishes the rates of the demo: not a real source, since its figures are made up. */
export const FX_SOURCE = 'demo'

const DAY_MS = 86_400_000
const STEP_DAYS = 5
const STEPS = 100

/** Exchange rates of every fifth day, from the day before `start` for more than a year. */
export function exchangeRates(start: number): object[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const date = new Date(start + (step * STEP_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)
    return [
      { base: 'EUR', quote: 'USD', date, rate: `1.0${4 + (step % 5)}` },
      { base: 'EUR', quote: 'JPY', date, rate: `${158 + (step % 9)}` },
    ]
  }).flat()
}
