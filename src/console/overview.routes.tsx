import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { retryParked } from '../delivery/parked.job.ts'
import { createRouter } from '../http/router.http.ts'
import { listInvoices } from '../invoicing/invoicing.store.ts'
import { firstOfMonth, localDate } from '../kernel/calendar.ts'
import { failedFetches } from '../ledger/fx/rate-fetch.store.ts'
import { listPayments } from '../payments/payments.store.ts'
import { troubledWebhooks } from '../webhooks/webhooks.store.ts'
import { customerNames, sellersToday } from './lookups.store.ts'
import { OverviewPage } from './overview.page.tsx'
import {
  collectedSince,
  contractPositions,
  openAmounts,
  parkedEffects,
  revenueBetween,
  unbilledUsage,
} from './overview.store.ts'
import { overviewOf } from './overview.ts'

const LATEST = 8
const UNAPPLIED_COUNTED = 100

export const overviewPage = createRouter()

overviewPage.get('/', async (c) => {
  const { db, now, principal } = c.var
  const today = localDate(now, 'UTC')
  const monthStart = firstOfMonth(today)
  const [
    todayOf,
    open,
    collected,
    recognised,
    positions,
    unapplied,
    parked,
    unbilled,
    failedRates,
    troubled,
    latest,
  ] = await Promise.all([
    sellersToday(db, now),
    openAmounts(db),
    collectedSince(db, monthStart),
    revenueBetween(db, monthStart, today),
    contractPositions(db),
    listPayments(db, { limit: UNAPPLIED_COUNTED, unapplied: true }),
    parkedEffects(db),
    unbilledUsage(db),
    failedFetches(db),
    troubledWebhooks(db),
    listInvoices(db, { limit: LATEST }),
  ])
  const names = await customerNames(
    db,
    latest.rows.map(({ customerRef }) => customerRef),
  )
  return c.html(
    <OverviewPage
      operator={principal.label}
      todayOf={todayOf}
      names={names}
      money={overviewOf({ open, collected, recognised, positions }, todayOf)}
      unapplied={unapplied.rows}
      parked={parked}
      maySend={allows(principal, 'finance')}
      unbilled={unbilled}
      failedRates={failedRates}
      troubledWebhooks={troubled}
      latest={latest.rows}
    />,
  )
})

overviewPage.post('/parked-effects/:id/send-again', csrfGuard, requireOperator('finance'), async (c) => {
  await retryParked(c.var.db, c.var, c.req.param('id'))
  return c.redirect('/console', 303)
})
