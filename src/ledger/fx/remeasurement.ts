import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { AccountRole } from '../account.ts'
import { type Book, entryId, type JournalEntry, journalEntry } from '../journal-entry.ts'
import { converted, type FunctionalCurrency, type FunctionalLine, fxLine } from './functional-line.ts'
import type { PositionGroups } from './position-group.ts'
import type { AppliedRate } from './rate.ts'

/**
 * What is open of an account with a customer at the end of a month; of a contract position, for each contract, or those that
 * are accounted for as one; of receivables, for each invoice.
 */
export type OpenBalance = {
  account: AccountRole
  customerRef: string | null
  contractRef: string | null
  invoiceId: string | null
  /** In the currency of the entries. */
  amount: Minor
  /** In the functional currency: at the rates that its entries were measured with. */
  carried: Minor
  /** `carried`, and what earlier runs for this month have changed. */
  remeasured: Minor
}

/** The balances of one set of books, positions that are carried as one in one, under the first of their contracts. */
export function positionsAsOne(balances: readonly OpenBalance[], groups: PositionGroups): OpenBalance[] {
  const firstOf = ({ contractRef }: OpenBalance) => groups.get(contractRef ?? '') ?? contractRef
  const positions = balances.filter(({ account }) => account === 'contract_position')
  const together = Map.groupBy(positions, (own) => JSON.stringify([own.customerRef, firstOf(own)]))
  const pools = [...together.values()].map((own) => ({
    ...own[0]!,
    contractRef: firstOf(own[0]!),
    amount: sum(own.map(({ amount }) => amount)),
    carried: sum(own.map(({ carried }) => carried)),
    remeasured: sum(own.map(({ remeasured }) => remeasured)),
  }))
  return [...balances.filter(({ account }) => account !== 'contract_position'), ...pools]
}

/** Whose balances, of which month, in which currency; `run` counts the runs that changed anything. */
export type Remeasured = {
  entityRef: string
  book: Book
  currency: string
  monthEnd: LocalDate
  run: number
  recordedAt: number
}

export type RemeasurementEntry = { entry: JournalEntry; lines: FunctionalLine[] }

/**
 * The two entries that take open monetary balances to the closing rate: Dr or Cr the account / `fx_gain_loss` on the last
 * day of a month, and the same the other way round on the day after. They move the functional currency alone. Since the
 * difference is taken back, a settlement is measured against the rate of the document whenever it is recorded, and the
 * gains of all months together are settlement less document, however many closes lie between. A contract position in
 * credit, of contracts that are carried as one together, is a contract liability, which is not monetary, and keeps what it is carried at. One that holds nothing is worth
 * nothing, also where entries of later days were measured before some of the month.
 *
 * None where the balances stand at the closing rate already: so a run repeated changes nothing, and a run after a late
 * entry posts the difference.
 *
 * @example 1,000.00 EUR receivable carried at 1,100.00 USD, closing rate 1.13: Dr receivable 30.00 / Cr gain 30.00
 */
export function remeasure(
  balances: readonly OpenBalance[],
  closing: AppliedRate,
  books: FunctionalCurrency,
  of: Remeasured,
): RemeasurementEntry[] {
  const changed = balances.flatMap((balance) => {
    const target = isMonetary(balance)
      ? converted(balance.amount, of.currency, closing, books)
      : balance.carried
    const difference = target - balance.remeasured
    return difference === 0n ? [] : [{ ...balance, difference }]
  })
  if (changed.length === 0) return []
  const lines = changed.map(({ account, customerRef, contractRef, invoiceId, difference }, place) => ({
    ...fxLine(place + 1, difference, customerRef),
    account,
    contractRef,
    invoiceId,
  }))
  const gain = -sum(lines.map(({ functionalAmount }) => functionalAmount))
  const all = gain === 0n ? lines : [...lines, fxLine(lines.length + 1, gain, null)]
  return [
    { entry: remeasurementEntry(of), lines: all },
    {
      entry: reversalEntry(of),
      lines: all.map((line) => ({ ...line, functionalAmount: -line.functionalAmount })),
    },
  ]
}

const isMonetary = ({ account, amount }: OpenBalance): boolean =>
  account !== 'contract_position' || amount >= 0n

export const REMEASURED = 'fx_remeasured'

const sourceOf = ({ entityRef, currency, monthEnd, run }: Remeasured): string =>
  [entityRef, monthEnd.slice(0, 7), currency, run].join(':')

const common = (of: Remeasured) => ({
  book: of.book,
  entityRef: of.entityRef,
  currency: of.currency,
  sourceId: sourceOf(of),
  recordedAt: of.recordedAt,
  postings: [],
})

const remeasurementEntry = (of: Remeasured): JournalEntry =>
  journalEntry({
    ...common(of),
    event: REMEASURED,
    postingDate: of.monthEnd,
    description: `Open balances in ${of.currency} at the closing rate`,
  })

const reversalEntry = (of: Remeasured): JournalEntry =>
  journalEntry({
    ...common(of),
    event: 'fx_remeasurement_reversed',
    postingDate: addDays(of.monthEnd, 1),
    description: `Open balances in ${of.currency} back at the rates of their entries`,
    reverses: entryId(REMEASURED, sourceOf(of), of.book),
  })
