import { type Instant, localDate } from '../kernel/calendar.ts'
import { type Minor, parseMoney } from '../kernel/money.ts'
import { type IsRead, isAllRead } from '../kernel/partly.ts'
import type { Fault } from '../kernel/problem.ts'
import type { OpenInvoice, OpeningParties } from './opening-invoice.ts'

/** An amount is stored as a JavaScript number, whole up to here. */
const AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** What keeps a row from being an open invoice of this seller, as far as its fields were read. */
export function faultsOfOpenInvoice(
  row: OpenInvoice,
  seller: OpeningParties['seller'] | undefined,
  now: Instant,
  isRead: IsRead = isAllRead,
): Fault[] {
  const sees = (...fields: (keyof OpenInvoice)[]) => fields.every(isRead)
  return [
    ...(seller && sees('issue_date') ? faultsOfDay(row, seller, now) : []),
    ...(sees('issue_date', 'due_date') && row.due_date < row.issue_date
      ? [{ path: 'due_date', message: 'must not be before issue_date' }]
      : []),
    ...(seller && sees('number') ? faultsOfNumber(row, seller) : []),
    ...(sees('amount', 'paid', 'currency') ? faultsOfAmounts(row) : []),
  ]
}

type Seller = OpeningParties['seller']

const faultsOfDay = ({ issue_date: day }: OpenInvoice, { timezone }: Seller, now: Instant): Fault[] =>
  day > localDate(now, timezone) ? [{ path: 'issue_date', message: 'must not be after today' }] : []

function faultsOfNumber({ number }: OpenInvoice, { invoiceSeries: series }: Seller): Fault[] {
  if (!isOfSeries(number, series)) return []
  const message = `is in the series ${series} that the entity issues by; give the entity another invoice_series first`
  return [{ path: 'number', message }]
}

function faultsOfAmounts({ amount, paid, currency }: OpenInvoice): Fault[] {
  const [whole, before] = [amount, paid].map((text) => parseMoney(text, currency))
  const fits = (minor: Minor | undefined): minor is Minor => minor !== undefined && minor <= AMOUNT_MAX
  const message = `must be an amount of ${currency}, to its minor unit`
  if (!fits(whole) || !fits(before)) {
    return [
      ...(fits(whole) ? [] : [{ path: 'amount', message }]),
      ...(fits(before) ? [] : [{ path: 'paid', message }]),
    ]
  }
  return before < whole
    ? []
    : [{ path: 'paid', message: 'leaves nothing open; only open invoices are taken' }]
}

/** Later invoices of the entity would come to bear the same number, and the same payment reference. */
const isOfSeries = (number: string, series: string): boolean => {
  const bare = number.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return bare.startsWith(series) && /^\d+$/.test(bare.slice(series.length))
}
