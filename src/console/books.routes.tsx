import { createRouter } from '../http/router.http.ts'
import { localDate } from '../kernel/calendar.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import { DIMENSIONS, type EntryFilter, TIMINGS } from '../ledger/entry-filter.ts'
import { listEntries } from '../ledger/entry-list.store.ts'
import { entriesTotal } from '../ledger/entry-total.store.ts'
import { trialBalance } from '../ledger/ledger.store.ts'
import { type AccountBalance, trialBalanceOf } from '../ledger/trial-balance.ts'
import { JournalPage } from './journal.page.tsx'
import { dateOfQuery, pageOfQuery } from './page-query.ts'
import type { JournalQuery } from './report-links.ts'
import { TrialBalancePage } from './trial-balance.page.tsx'

/** The books: what every account holds, and the entries that made it so. */
export const bookPages = createRouter()

const ENTRIES = 25

bookPages.get('/trial-balance', async (c) => {
  const { db, now, principal } = c.var
  const asOf = dateOfQuery(c.req.query('as_of')) ?? localDate(now, 'UTC')
  const balances = await trialBalance(db, { asOf })
  const { balanced } = trialBalanceOf(balances)
  return c.html(
    <TrialBalancePage
      operator={principal.label}
      asOf={asOf}
      balances={inOrder(balances)}
      balanced={balanced}
    />,
  )
})

bookPages.get('/journal', async (c) => {
  const { db, principal } = c.var
  const query = c.req.query()
  const filter = journalQueryOf(query)
  const asked = entryFilter(filter)
  const [page, totals] = await Promise.all([
    listEntries(db, { ...pageOfQuery(query, ENTRIES), ...asked }),
    // All accounts together are nothing: entries balance.
    asked.account ? entriesTotal(db, asked) : new Map<string, bigint>(),
  ])
  return c.html(<JournalPage operator={principal.label} filter={filter} page={page} totals={totals} />)
})

/** What of the address is understood; the rest is as if it were not there. */
const journalQueryOf = (query: Record<string, string>): JournalQuery => ({
  account: ACCOUNT_ROLES.find((role) => role === query.account),
  from: dateOfQuery(query.from),
  to: dateOfQuery(query.to),
  belongs_before: dateOfQuery(query.belongs_before),
  timing: TIMINGS.find((timing) => timing === query.timing),
  without: DIMENSIONS.find((dimension) => dimension === query.without),
  presented: query.presented === 'no' ? 'no' : undefined,
  entity_ref: query.entity_ref,
  event: query.event,
  entry_id: query.entry_id,
  source_id: query.source_id,
  currency: query.currency,
  contract_ref: query.contract_ref,
  customer_ref: query.customer_ref,
  product_ref: query.product_ref,
  country: query.country,
  invoice: query.invoice,
  schedule: query.schedule,
  scheduled_in: query.scheduled_in,
  belongs_in: query.belongs_in,
})

const entryFilter = ({
  account,
  from,
  to,
  event,
  currency,
  country,
  timing,
  without,
  ...query
}: JournalQuery): EntryFilter => ({
  ...{ account, from, to, event, currency, country, timing, without },
  entityRef: query.entity_ref,
  contractRef: query.contract_ref,
  customerRef: query.customer_ref,
  productRef: query.product_ref,
  invoiceId: query.invoice,
  belongsBefore: query.belongs_before,
  belongsIn: query.belongs_in,
  entryId: query.entry_id,
  sourceId: query.source_id,
  schedule: query.schedule,
  scheduledIn: query.scheduled_in,
  presented: query.presented === 'no' ? false : undefined,
})

/** By currency, and in the order of the chart of accounts. */
function inOrder(balances: readonly AccountBalance[]): AccountBalance[] {
  const place = ({ account }: AccountBalance) => ACCOUNT_ROLES.indexOf(account)
  return [...balances].sort((a, b) => a.currency.localeCompare(b.currency) || place(a) - place(b))
}
