import { type Instant, localDate } from '../kernel/calendar.ts'
import { type Minor, parseMoney } from '../kernel/money.ts'
import type { Fault } from '../kernel/problem.ts'
import type { OpenInvoice, OpeningParties } from './opening-invoice.ts'

/** An amount is stored as a JavaScript number, whole up to here. */
const AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** What keeps a row from being an open invoice of this seller, though each of its fields is right. */
export function faultsOfOpenInvoice(
  row: OpenInvoice,
  seller: OpeningParties['seller'],
  now: Instant,
): Fault[] {
  const faults: Fault[] = []
  const fault = (path: string, message: string) => faults.push({ path, message })
  if (row.issue_date > localDate(now, seller.timezone)) fault('issue_date', 'must not be after today')
  if (row.due_date < row.issue_date) fault('due_date', 'must not be before issue_date')
  if (isOfSeries(row.number, seller.invoiceSeries)) {
    fault(
      'number',
      `is in the series ${seller.invoiceSeries} that the entity issues by; give the entity another invoice_series first`,
    )
  }
  return [...faults, ...faultsOfAmounts(row)]
}

function faultsOfAmounts({ amount, paid, currency }: OpenInvoice): Fault[] {
  const [whole, before] = [amount, paid].map((text) => parseMoney(text, currency))
  const fits = (minor: Minor | undefined) => minor !== undefined && minor <= AMOUNT_MAX
  if (!fits(whole))
    return [{ path: 'amount', message: `must be an amount of ${currency}, to its minor unit` }]
  if (!fits(before)) return [{ path: 'paid', message: `must be an amount of ${currency}, to its minor unit` }]
  return before! < whole!
    ? []
    : [{ path: 'paid', message: 'leaves nothing open; only open invoices are taken' }]
}

/** Later invoices of the entity would come to bear the same number, and the same payment reference. */
const isOfSeries = (number: string, series: string): boolean => {
  const bare = number.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return bare.startsWith(series) && /^\d+$/.test(bare.slice(series.length))
}
