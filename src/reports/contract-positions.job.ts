import { lastEntry } from '../closing/presentation/positions.store.ts'
import { readAsOne } from '../closing/presentation/read-found.job.ts'
import { type LocalDate, monthOf } from '../kernel/calendar.ts'
import { parseMoney } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { lastDayOf } from '../ledger/accounting-period.ts'
import { trialBalance } from '../ledger/ledger.store.ts'
import { bookkeepers, periodsOf } from '../ledger/periods.store.ts'
import type { Db } from '../storage/db.store.ts'
import type { BALANCES, ContractBalances, ContractPosition } from './contract-balances.ts'
import type { Scope } from './ledger-sums.store.ts'
import { agree, sumByCurrency } from './tabulate.ts'

/** What the books hold of each contract at the end of a day, found as the close of a month finds it. */
export async function contractPositions(
  db: Db,
  day: LocalDate,
  { entityRef }: Scope,
): Promise<ContractPosition[]> {
  const through = await lastEntry(db)
  const positions: ContractPosition[] = []
  for (const { ref } of await bookkeepers(db, entityRef)) {
    const found = await readAsOne(db, { entityRef: ref, day, through })
    positions.push(...found.map((one) => ({ ...one, entityRef: ref })))
  }
  return positions.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
}

const placeOf = ({ entityRef, currency, contractRefs }: ContractPosition): string =>
  [entityRef, currency, ...contractRefs].join('\n')

/** The account that each figure stands on at the end of a month, and the side that it has there. */
const STANDS_ON: readonly [(typeof BALANCES)[number], AccountRole, 1n | -1n][] = [
  ['contract_liability', 'contract_position', -1n],
  ['deposit_liability', 'deposit_liability', -1n],
  ['refund_liability', 'refund_liability', -1n],
  ['advances_not_due', 'advances_not_due', -1n],
  ['contract_asset', 'contract_asset', 1n],
  ['unbilled', 'unbilled_receivable', 1n],
]

/**
 * Whether the trial balance at the last day of a locked month has each figure on its account; null on any other day, when
 * nothing is shown there.
 */
export async function isOnTrialBalance(
  db: Db,
  day: LocalDate,
  { entityRef }: Scope,
  totals: ContractBalances['totals'],
): Promise<boolean | null> {
  if (!(await isLockedEnd(db, day, entityRef))) return null
  const balances = await trialBalance(db, { asOf: day, entityRef })
  return STANDS_ON.every(([figure, account, side]) =>
    agree(
      sumByCurrency(totals, (total) => parseMoney(total[figure], total.currency) ?? 0n),
      sumByCurrency(
        balances.filter((balance) => balance.account === account),
        ({ net }) => side * net,
      ),
    ),
  )
}

async function isLockedEnd(db: Db, day: LocalDate, entityRef: string | undefined): Promise<boolean> {
  const month = monthOf(day)
  if (day !== lastDayOf(month)) return false
  const refs = (await bookkeepers(db, entityRef)).map(({ ref }) => ref)
  const periods = await periodsOf(db, month, refs)
  return refs.length > 0 && refs.every((ref) => periods.get(ref)?.status === 'locked')
}
