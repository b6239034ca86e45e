import { addDays, addMonths, type LocalDate } from '../../../src/kernel/calendar.ts'
import { type Minor, sum } from '../../../src/kernel/money.ts'
import type { AccountRole } from '../../../src/ledger/account.ts'
import { combinationEntries } from '../../../src/ledger/fx/combination.ts'
import type { ForeignEntry, FunctionalLine } from '../../../src/ledger/fx/functional-line.ts'
import { measureInOrder } from '../../../src/ledger/fx/measure-plan.ts'
import { MONETARY } from '../../../src/ledger/fx/open-item.ts'
import { groupsBefore, type Joining, NO_GROUPS } from '../../../src/ledger/fx/position-group.ts'
import { type FxRate, rateBookOf, rateOn } from '../../../src/ledger/fx/rate.ts'
import { type OpenBalance, positionsAsOne, remeasure } from '../../../src/ledger/fx/remeasurement.ts'
import { type Dimensions, journalEntry, type Posting } from '../../../src/ledger/journal-entry.ts'

export const USD = { functionalCurrency: 'USD', rounding: 'half_up' } as const

/** EUR/USD on some days. */
export const eurUsd = (rates: Record<LocalDate, string>): FxRate[] =>
  Object.entries(rates).map(([date, rate]) => ({ base: 'EUR', quote: 'USD', date, rate }))

/** An entry of EUR books, as the journal answers it. */
export function posted(
  date: LocalDate,
  id: string,
  postings: Posting[],
  reverses: string | null = null,
): ForeignEntry {
  const entry = journalEntry({
    entityRef: 'e',
    postingDate: date,
    event: 'payment_received',
    sourceId: id,
    currency: 'EUR',
    description: id,
    recordedAt: 0,
    postings,
  })
  const lines = entry.postings.map((posting, place) => ({ ...posting, lineNo: place + 1 }))
  return { ...entry, id, belongsTo: null, reverses, postings: lines }
}

type DatedLine = FunctionalLine & { date: LocalDate }

/** That contracts join the group of another, and the entry that says so. */
export function combined(date: LocalDate, groupRef: string, ...contractRefs: string[]) {
  const sourceId = [groupRef, ...contractRefs, date].join(' ')
  const of = { sourceId, entityRef: 'e', customerRef: 'c', currency: 'EUR', groupRef, day: date }
  const joinings = contractRefs.map(
    (contractRef): Joining => ({ ...of, contractRef, books: ['primary'], since: 0 }),
  )
  const [entry] = combinationEntries(joinings, 0)
  return { entry: { ...entry!, belongsTo: null, reverses: null, postings: [] }, joinings }
}

/** The functional lines of entries, measured in their order. */
export function measured(
  entries: readonly ForeignEntry[],
  rates: readonly FxRate[],
  joinings: readonly Joining[] = [],
): DatedLine[] {
  const dates = new Map(entries.map(({ id, postingDate }) => [id, postingDate]))
  const done = measureInOrder(entries, {
    ...USD,
    rates: rateBookOf(rates),
    holdings: new Map(),
    groups: NO_GROUPS,
    joinings,
    reversed: new Map(),
  })
  return done.flatMap(({ entryId, lines }) => lines.map((line) => ({ ...line, date: dates.get(entryId)! })))
}

/** The lines, and those that the close of a month (`2026-01`) adds to them. */
export function closed(
  lines: readonly DatedLine[],
  month: string,
  rates: readonly FxRate[],
  joinings: readonly Joining[] = [],
): DatedLine[] {
  const monthEnd = addDays(addMonths(`${month}-01`, 1), -1)
  const closing = rateOn(rateBookOf(rates), { from: 'EUR', to: 'USD', date: monthEnd })!
  const groups = Map.groupBy(
    lines.filter(({ date, account }) => date <= monthEnd && account !== 'fx_gain_loss'),
    ({ account, contractRef, invoiceId }) =>
      [
        account,
        ...(account === 'contract_position' ? [contractRef] : []),
        ...(account === 'accounts_receivable' ? [invoiceId] : []),
      ].join(' '),
  )
  const balances = [...groups.values()].map((group): OpenBalance => {
    const own = group.filter(({ item }) => item !== null)
    return {
      account: group[0]!.account,
      customerRef: null,
      contractRef: group[0]!.contractRef,
      invoiceId: group[0]!.invoiceId,
      amount: sum(group.map(({ amount }) => amount)),
      carried: sum(own.map(({ functionalAmount }) => functionalAmount)),
      remeasured: sum(group.map(({ functionalAmount }) => functionalAmount)),
    }
  })
  const monetary = balances.filter(({ account }) => MONETARY.includes(account))
  const of = { entityRef: 'e', book: 'primary', currency: 'EUR', monthEnd, run: 1, recordedAt: 0 } as const
  const open = positionsAsOne(monetary, groupsBefore(joinings))
  const added = remeasure(open, closing, USD, of)
  return [
    ...lines,
    ...added.flatMap(({ entry, lines }) => lines.map((line) => ({ ...line, date: entry.postingDate }))),
  ]
}

/** What an account holds in the functional currency at the end of a day. */
export const balanceOn = (lines: readonly DatedLine[], account: AccountRole, date = '9999-12-31'): Minor =>
  sum(
    lines
      .filter((line) => line.account === account && line.date <= date)
      .map(({ functionalAmount }) => functionalAmount),
  )

export const of = (id: string): Dimensions => ({ customerRef: 'c', contractRef: `k-${id}`, invoiceId: id })
