import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { type Reason, reason } from '../reason.ts'
import type { Portion } from '../recognition/line.ts'

/** Amounts for use, invoiced at a price that is worth as much to the customer as the use itself. */
export type UsageCharges = { key: string; charges: readonly { date: LocalDate; amount: Minor }[] }

/** Revenue as used: what may be invoiced for a day is what that day is worth (ASC 606-10-55-18, IFRS 15.B16). */
export const usagePortions = ({ key, charges }: UsageCharges): Portion[] =>
  charges.map(({ date, amount }) => ({ date, key, amount, cause: 'performance' }))

export const usageReasons = (usage: readonly UsageCharges[]): Reason[] =>
  usage.map(({ key }) =>
    reason(
      'right_to_invoice',
      `"${key}" is revenue as it is used, by the right to invoice; it takes no part in the allocation.`,
    ),
  )
