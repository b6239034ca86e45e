import { cursorParts } from '../../kernel/page.ts'
import type { Db } from '../../storage/db.store.ts'
import { checkAccruals } from './accruals-check.store.ts'
import type { Checked } from './check.ts'
import { type Comparison, compareItems } from './compare.ts'
import { checkEntries } from './entries-check.store.ts'
import type { FactPage } from './fact-kind.ts'
import { checkMeasurements } from './functional-check.store.ts'
import { checkMonthEnds } from './month-ends-check.store.ts'
import { checkPlans } from './plans-check.store.ts'
import { checkPortions } from './portions-check.store.ts'
import { checkPresented } from './presented-check.store.ts'
import { FACTS, type FactName } from './registry.store.ts'
import { checkRemeasured } from './remeasured-check.store.ts'

type Check = (db: Db, page: FactPage) => Promise<Checked>

const entriesOf = Object.fromEntries(
  (Object.keys(FACTS) as FactName[]).map((name): [FactName, Check] => [
    name,
    (db, page) => checkEntries(db, name, page),
  ]),
) as Record<FactName, Check>

/** What is made again, in the order of the calls: entries, the revenue behind them, and their functional amounts. */
const CHECKS = {
  ...entriesOf,
  revenue_portions: checkPortions,
  revenue_plans: checkPlans,
  revenue_accruals: checkAccruals,
  functional_amounts: checkMeasurements,
  remeasured_balances: checkRemeasured,
  presented_balances: checkPresented,
  month_ends: checkMonthEnds,
} satisfies Record<string, Check>

export type CheckName = keyof typeof CHECKS
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[]

/** Facts of one call: what they follow from is read with them, and all of it has to fit into a Worker's memory. */
const PAGE = 500
const PAGE_OF: Partial<Record<CheckName, number>> = {
  invoices: 100,
  credit_notes: 100,
  credit_movements: 100,
  revenue_portions: 100,
  revenue_plans: 20,
  functional_amounts: 200,
  remeasurements: 20,
  remeasured_balances: 20,
  presented_balances: 100,
}

const CURSOR = new RegExp(`^(${CHECK_NAMES.join('|')}):(.*)$`, 's')

export type Recomputed = Comparison & { facts: CheckName; nextCursor: string | null }

/**
 * Makes a page of the books again from the facts, by the functions that made them first, and compares. The cursor leads
 * through all facts of all kinds. Throws `invalid_cursor`.
 */
export async function recompute(db: Db, cursor: string | undefined): Promise<Recomputed> {
  const [name, after = ''] = cursorParts(cursor, CURSOR) ?? []
  const facts = CHECK_NAMES.find((known) => known === name) ?? CHECK_NAMES[0]!
  const page = { after, limit: PAGE_OF[facts] ?? PAGE }
  const { recomputed, recorded, until } = await CHECKS[facts](db, page)
  return { facts, ...compareItems(recomputed, recorded), nextCursor: cursorAfter(facts, until) }
}

function cursorAfter(facts: CheckName, until: string | null): string | null {
  if (until !== null) return `${facts}:${until}`
  const next = CHECK_NAMES[CHECK_NAMES.indexOf(facts) + 1]
  return next ? `${next}:` : null
}
