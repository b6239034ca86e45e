import { answerDeal } from '../../../src/revenue/preview/answer-deal.http.ts'
import { dealBody } from '../../../src/revenue/preview/deal.http.ts'
import { readDeal } from '../../../src/revenue/preview/read-deal.http.ts'

/** A deal in dollars under US GAAP, where nothing else is said. */
export const previewed = (deal: object) => {
  const body = dealBody.parse({ framework: 'ASC606', currency: 'USD', modifications: [], ...deal })
  return answerDeal(readDeal(body), body.currency)
}

type Preview = ReturnType<typeof previewed>

/** `{ '2026-01': '10.00' }` of one obligation, or of all. */
export const revenueByMonth = ({ schedule }: Preview, key = schedule[0]!.key): Record<string, string> =>
  Object.fromEntries(
    schedule.filter((cell) => cell.key === key).map(({ period, amount }) => [period, amount]),
  )

export const at = (key: string, ssp: unknown, start?: string) => ({
  key,
  ssp,
  recognition: 'point_in_time',
  ...(start === undefined ? {} : { start }),
})
