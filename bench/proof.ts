import { type Totals, totalKey } from './events.ts'
import type { Target, TargetName } from './targets/target.ts'

/** What a target holds against what it acknowledged. */
export type Proof = { target: TargetName; acknowledged: number; stored: number; differences: string[] }

type Summary = { data: { product_ref: string; events: number; quantity: string }[] }

const DAY_MS = 86_400_000

/** Asks a target for the totals of all customers that it was sent events of. */
export async function prove(
  target: Target,
  customers: readonly string[],
  acknowledged: Totals,
): Promise<Proof> {
  const stored: Totals = {}
  for (const customer of customers) {
    for (const { product_ref, events, quantity } of (await readSummary(target, customer)).data)
      stored[totalKey(customer, product_ref)] = { events, thousandths: toThousandths(quantity) }
  }
  const keys = new Set([...Object.keys(acknowledged), ...Object.keys(stored)])
  const differences = [...keys].flatMap((key) => difference(key, acknowledged[key], stored[key]))
  return { target: target.name, acknowledged: countOf(acknowledged), stored: countOf(stored), differences }
}

async function readSummary(target: Target, customer: string): Promise<Summary> {
  const query = new URLSearchParams({
    customer_ref: customer,
    from: new Date(Date.now() - 2 * DAY_MS).toISOString(),
    to: new Date(Date.now() + DAY_MS).toISOString(),
  })
  const answer = await fetch(`http://127.0.0.1:${target.port}/api/usage/summary?${query}`, {
    headers: { authorization: `Bearer ${target.key}` },
  })
  if (!answer.ok) throw new Error(`${target.name} does not tell its totals: ${await answer.text()}`)
  return (await answer.json()) as Summary
}

type Total = Totals[string] | undefined

function difference(key: string, sent: Total, stored: Total): string[] {
  if (sent?.events === stored?.events && sent?.thousandths === stored?.thousandths) return []
  const words = (total: Total) =>
    total ? `${total.events} events of ${total.thousandths / 1000} in all` : 'nothing'
  return [`${key}: acknowledged ${words(sent)}, stored ${words(stored)}`]
}

const countOf = (totals: Totals): number => Object.values(totals).reduce((sum, { events }) => sum + events, 0)

/** Reads a decimal of up to three places; NaN, which equals nothing, where there are more. */
function toThousandths(decimal: string): number {
  const [, whole, places = ''] = /^(\d+)(?:\.(\d{1,3})0*)?$/.exec(decimal) ?? []
  return whole === undefined ? Number.NaN : Number(whole + places.padEnd(3, '0'))
}
