import { formatMoney, type Minor } from '../../kernel/money.ts'
import type { PeriodStatus } from '../../ledger/accounting-period.ts'

/** Amounts by currency, minor units. */
export type Amounts = ReadonlyMap<string, Minor>

/** Things that wait: how many, and what they come to where that is known. */
export type Waiting = { count: number; amounts: Amounts }

/** Two sums that have to be the same in every currency. */
type Tie = { detail: Amounts; control: Amounts }

/** What may still wait when a month is over, in the order in which it is dealt with. */
export const WAITING = [
  'cycles_to_bill',
  'usage_without_contract',
  'corrections_held_back',
  'events_not_posted',
  'lines_without_schedule',
  'revenue_not_posted',
  'unapplied_cash',
  'accruals_not_made',
  'positions_not_presented',
  'fx_not_measured',
  'fx_not_remeasured',
  'effects_failed',
] as const

/** What has to agree. */
export const TIES = [
  'receivables',
  'positions',
  'billed',
  'customer_credit',
  'stripe_clearing',
  'trial_balance',
] as const

export type CheckCode = (typeof WAITING)[number] | (typeof TIES)[number]

export type CloseFacts = {
  entityRef: string
  /** `YYYY-MM` */
  month: string
  status: PeriodStatus
  /** False while the month still runs where the entity keeps its books. */
  isOver: boolean
  waiting: Record<(typeof WAITING)[number], Waiting>
  ties: Record<(typeof TIES)[number], Tie>
}

export type CheckItem = {
  code: CheckCode
  state: 'clear' | 'open'
  count: number
  /** Decimal strings in major units; of a tie, what the detail has more than the account. */
  amounts: { currency: string; amount: string }[]
}

export type CloseChecklist = {
  entity_ref: string
  month: string
  status: PeriodStatus
  over: boolean
  /** True when the month is over and nothing is open. Closing it all the same is for people to decide. */
  ready: boolean
  items: CheckItem[]
}

/**
 * What stands between a month and its close. An item is clear when nothing waits, or when both sums agree in every
 * currency; each that is not is named with its number and amount. It decides nothing: a month may be locked with open
 * items, and what belongs to it is then posted in the next one.
 *
 * @example two payments of 40.00 and 2.00 USD that no invoice took: unapplied_cash, open, 2, 42.00 USD
 */
export function closeChecklist(facts: CloseFacts): CloseChecklist {
  const items = [
    ...WAITING.map((code) => waitingItem(code, facts.waiting[code])),
    ...TIES.map((code) => tieItem(code, facts.ties[code])),
  ]
  return {
    entity_ref: facts.entityRef,
    month: facts.month,
    status: facts.status,
    over: facts.isOver,
    ready: facts.isOver && items.every(({ state }) => state === 'clear'),
    items,
  }
}

const waitingItem = (code: CheckCode, { count, amounts }: Waiting): CheckItem => ({
  code,
  state: count === 0 ? 'clear' : 'open',
  count,
  amounts: written(amounts),
})

function tieItem(code: CheckCode, { detail, control }: Tie): CheckItem {
  const currencies = [...new Set([...detail.keys(), ...control.keys()])]
  const differences = new Map(
    currencies
      .map((currency) => [currency, (detail.get(currency) ?? 0n) - (control.get(currency) ?? 0n)] as const)
      .filter(([, difference]) => difference !== 0n),
  )
  return waitingItem(code, { count: differences.size, amounts: differences })
}

const written = (amounts: Amounts): CheckItem['amounts'] =>
  [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount]) => ({ currency, amount: formatMoney(amount, currency) }))
