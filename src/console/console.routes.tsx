import { requireOperator } from '../access/session.http.ts'
import { createRouter } from '../http/router.http.ts'
import { Problem } from '../kernel/problem.ts'
import { answerProblemPage } from '../web/problem.page.tsx'
import { accountPages } from './accounts.routes.tsx'
import { bookPages } from './books.routes.tsx'
import { closePages } from './close.routes.tsx'
import { findPage } from './find.routes.tsx'
import { moneyPages } from './money.routes.tsx'
import { overviewPage } from './overview.routes.tsx'
import { reportPages } from './reports.routes.tsx'
import { salesPages } from './sales.routes.tsx'
import { usagePages } from './usage.routes.tsx'
import { webhookPages } from './webhooks.routes.tsx'

/** The operator's pages: server-rendered, with every view in the address. */
export const consoleRoutes = createRouter()

consoleRoutes.onError(answerProblemPage)

consoleRoutes.get('/', (c) => c.redirect('/console'))

for (const path of ['/console', '/console/*']) {
  consoleRoutes.use(path, requireOperator('read'))
  consoleRoutes.use(path, async (c, next) => {
    await next()
    c.header('cache-control', 'private, no-store')
  })
}

for (const pages of [
  overviewPage,
  findPage,
  salesPages,
  usagePages,
  moneyPages,
  reportPages,
  bookPages,
  accountPages,
  closePages,
  webhookPages,
])
  consoleRoutes.route('/console', pages)

consoleRoutes.all('/console/*', (c) => {
  throw new Problem(404, 'page_not_found', `There is no page at ${c.req.path}.`)
})
