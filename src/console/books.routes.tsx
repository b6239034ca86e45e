import { createRouter } from '../http/router.http.ts'
import { localDate } from '../kernel/calendar.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import { listEntries, trialBalance } from '../ledger/ledger.store.ts'
import { type AccountBalance, trialBalanceOf } from '../ledger/trial-balance.ts'
import { JournalPage } from './journal.page.tsx'
import { dateOfQuery, pageOfQuery } from './page-query.ts'
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
  const filter = {
    account: ACCOUNT_ROLES.find((role) => role === query.account),
    from: dateOfQuery(query.from),
    to: dateOfQuery(query.to),
  }
  const page = await listEntries(db, { ...pageOfQuery(query, ENTRIES), ...filter })
  return c.html(<JournalPage operator={principal.label} filter={filter} page={page} />)
})

/** By currency, and in the order of the chart of accounts. */
function inOrder(balances: readonly AccountBalance[]): AccountBalance[] {
  const place = ({ account }: AccountBalance) => ACCOUNT_ROLES.indexOf(account)
  return [...balances].sort((a, b) => a.currency.localeCompare(b.currency) || place(a) - place(b))
}
