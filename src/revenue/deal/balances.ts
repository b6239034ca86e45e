import { monthOf } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { Portion } from '../recognition/line.ts'
import type { Due } from './billing.ts'
import { type PresentedPosition, presentPosition } from './position.ts'

/** The contract at the end of a month, in minor units: `net` is what was billed less what was recognised. */
export type MonthEnd = { month: string; billed: Minor; recognised: Minor; net: Minor } & PresentedPosition

/**
 * The balances of one contract at the end of every month in which something changes them. Recognised and net position
 * together are always what was billed. `unconditional` names the obligations that only time keeps from being invoiced.
 */
export function monthEnds(
  portions: readonly Portion[],
  dues: readonly Due[],
  unconditional: ReadonlySet<string>,
): MonthEnd[] {
  const changes = [
    ...dues.map(({ date, amount, key }) => ({ month: monthOf(date), billed: amount, recognised: 0n, key })),
    ...portions.map(({ date, amount, key }) => ({
      month: monthOf(date),
      billed: 0n,
      recognised: amount,
      key,
    })),
  ]
  const months = [...Map.groupBy(changes, ({ month }) => month)].sort(([a], [b]) => (a < b ? -1 : 1))
  const unbilled = new Map<string, Minor>()
  let billed = 0n
  let recognised = 0n
  return months.map(([month, own]) => {
    for (const change of own) {
      billed += change.billed
      recognised += change.recognised
      if (change.key === undefined || !unconditional.has(change.key)) continue
      unbilled.set(change.key, (unbilled.get(change.key) ?? 0n) + change.recognised - change.billed)
    }
    const net = billed - recognised
    return { month, billed, recognised, net, ...presentPosition(net, positiveSum(unbilled.values())) }
  })
}

/** Nothing that was billed in advance for one obligation stands against another. */
const positiveSum = (amounts: Iterable<Minor>): Minor =>
  [...amounts].reduce((total, amount) => (amount > 0n ? total + amount : total), 0n)
