import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'

/** What a customer owes on the invoices of one due date, minor units. */
export type OpenReceivable = {
  customerRef: string
  customerName: string
  currency: string
  dueDate: LocalDate
  open: Minor
}

/** By days past the due date; an invoice is not late on the day that it is due. */
export const AGES = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const
const LAST_DAYS = [0, 30, 60, 90, Number.POSITIVE_INFINITY]

type Ages = Record<(typeof AGES)[number] | 'total', string>
type AgeingRow = { customer_ref: string; customer_name: string; currency: string } & Ages
export type Ageing = {
  rows: AgeingRow[]
  /** `ledger` is what the account says. */
  totals: ({ currency: string; ledger: string } & Ages)[]
  /** True when in every currency the invoices add up to the account. */
  tied: boolean
}

/**
 * What is owed by how late it is, a row for each customer and currency, in major units.
 *
 * @param ledger the net of accounts receivable for each currency, on the same day
 * @example due 31 January: `current` on that day, `days_1_30` from 1 February to 2 March 2026, then `days_31_60`
 */
export function ageingOf(
  open: readonly OpenReceivable[],
  asOf: LocalDate,
  ledger: ReadonlyMap<string, Minor>,
): Ageing {
  const groups = Map.groupBy(open, ({ currency, customerRef }) => `${currency} ${customerRef}`)
  const byCurrency = Map.groupBy(open, ({ currency }) => currency)
  const currencies = [...new Set([...byCurrency.keys(), ...ledger.keys()])].sort()
  const totals = currencies.map((currency) => {
    const rows = byCurrency.get(currency) ?? []
    const booked = ledger.get(currency) ?? 0n
    return { currency, rows, booked, isTied: sum(rows.map((row) => row.open)) === booked }
  })
  return {
    rows: [...groups.values()].map((rows) => ({
      customer_ref: rows[0]!.customerRef,
      customer_name: rows[0]!.customerName,
      currency: rows[0]!.currency,
      ...agesOf(rows, asOf, rows[0]!.currency),
    })),
    totals: totals
      .filter(({ rows, booked }) => rows.length > 0 || booked !== 0n)
      .map(({ currency, rows, booked }) => ({
        currency,
        ...agesOf(rows, asOf, currency),
        ledger: formatMoney(booked, currency),
      })),
    tied: totals.every(({ isTied }) => isTied),
  }
}

/** How late an invoice is on a day. */
export function ageOn(asOf: LocalDate, dueDate: LocalDate): (typeof AGES)[number] {
  const late = daysBetween(dueDate, asOf)
  return AGES[LAST_DAYS.findIndex((last) => late <= last)]!
}

function agesOf(rows: readonly OpenReceivable[], asOf: LocalDate, currency: string): Ages {
  const ages = AGES.map(() => 0n)
  for (const { dueDate, open } of rows) ages[AGES.indexOf(ageOn(asOf, dueDate))]! += open
  const named = [...AGES.map((name, place) => [name, ages[place]!] as const), ['total', sum(ages)] as const]
  return Object.fromEntries(named.map(([name, amount]) => [name, formatMoney(amount, currency)])) as Ages
}
