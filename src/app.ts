import { auditRoutes } from './access/audit.routes.ts'
import { keyRoutes } from './access/keys.routes.ts'
import { loginRoutes } from './access/login.routes.tsx'
import { operatorRoutes } from './access/operators.routes.ts'
import { catalogRoutes } from './catalog/catalog.routes.ts'
import { priceBookRoutes } from './catalog/price-books.routes.ts'
import { clockRoutes } from './clock/clock.routes.ts'
import { checklistRoutes } from './closing/checklist/checklist.routes.ts'
import { periodRoutes } from './closing/periods.routes.ts'
import { consoleRoutes } from './console/console.routes.tsx'
import { attachmentRoutes } from './contracts/attachments/attachments.routes.ts'
import { productChangeRoutes } from './contracts/changes/product-changes.routes.ts'
import { contractRoutes } from './contracts/contracts.routes.ts'
import { contractPreviewRoutes } from './contracts/preview.routes.ts'
import { creditRoutes } from './credits/credits.routes.ts'
import { customerRoutes } from './customers/customers.routes.ts'
import { entityRoutes } from './customers/entities.routes.ts'
import { dispatchAfterWrite } from './delivery/dispatch.http.ts'
import { parkedRoutes } from './delivery/parked.routes.ts'
import { dispatch } from './dispatch.ts'
import { boundedBody } from './http/body-size.http.ts'
import { answerProblem } from './http/problem.http.ts'
import { limitCalls } from './http/rate-limit.http.ts'
import { request } from './http/request.http.ts'
import { createRouter, type Router } from './http/router.http.ts'
import { securityHeaders } from './http/security-headers.http.ts'
import { invoicePreviewRoutes } from './invoicing/assembly/preview.routes.ts'
import { creditNoteRoutes } from './invoicing/corrections/credit-notes.routes.ts'
import { invoiceCorrectionRoutes } from './invoicing/corrections/invoice-corrections.routes.ts'
import { invoiceRoutes } from './invoicing/invoices.routes.ts'
import { Problem } from './kernel/problem.ts'
import { accountRoutes } from './ledger/accounts.routes.ts'
import { exportRoutes } from './ledger/export.routes.ts'
import { rateRoutes } from './ledger/fx/rates.routes.ts'
import { ledgerRoutes } from './ledger/ledger.routes.ts'
import { importRoutes } from './onboarding/import.routes.ts'
import { cardRoutes } from './payments/card/card.routes.ts'
import { payoutRoutes } from './payments/card/payouts.routes.ts'
import { paymentCorrectionRoutes } from './payments/corrections.routes.ts'
import { cryptoRoutes } from './payments/crypto/crypto.routes.ts'
import { paymentRoutes } from './payments/payments.routes.ts'
import { wireRoutes } from './payments/wire/wire.routes.ts'
import { portalRoutes } from './portal/portal.routes.tsx'
import { ratingPreviewRoutes } from './rating/preview.routes.ts'
import { recomputedRoutes } from './reports/audit/recomputed.routes.ts'
import { reportRoutes } from './reports/reports.routes.ts'
import { revenueReportRoutes } from './reports/revenue-reports.routes.ts'
import { accountingRoutes } from './revenue/accounting.routes.ts'
import { revenuePreviewRoutes } from './revenue/preview/preview.routes.ts'
import { revenueRoutes } from './revenue/revenue.routes.ts'
import { sspRoutes } from './revenue/ssp.routes.ts'
import { writeOffRoutes } from './revenue/write-off.routes.ts'
import { formatRoutes } from './usage/formats.routes.ts'
import { formattedRoutes } from './usage/formatted.routes.ts'
import { ingestRoutes } from './usage/ingest.routes.ts'
import { meterRoutes } from './usage/meters.routes.ts'
import { metricPreviewRoutes } from './usage/metrics/preview.routes.ts'
import { reviseRoutes } from './usage/revise.routes.ts'
import { usageRoutes } from './usage/usage.routes.ts'
import { mountDocs } from './web/docs.routes.tsx'
import { deliveryRoutes } from './webhooks/deliveries.routes.ts'
import { webhookRoutes } from './webhooks/webhooks.routes.ts'

const ROUTES = [
  keyRoutes,
  loginRoutes,
  operatorRoutes,
  auditRoutes,
  entityRoutes,
  customerRoutes,
  catalogRoutes,
  productChangeRoutes,
  priceBookRoutes,
  contractRoutes,
  attachmentRoutes,
  contractPreviewRoutes,
  creditRoutes,
  ratingPreviewRoutes,
  metricPreviewRoutes,
  invoiceRoutes,
  creditNoteRoutes,
  invoiceCorrectionRoutes,
  writeOffRoutes,
  invoicePreviewRoutes,
  importRoutes,
  ledgerRoutes,
  accountRoutes,
  exportRoutes,
  periodRoutes,
  rateRoutes,
  paymentRoutes,
  paymentCorrectionRoutes,
  wireRoutes,
  cardRoutes,
  payoutRoutes,
  cryptoRoutes,
  revenueRoutes,
  accountingRoutes,
  sspRoutes,
  revenuePreviewRoutes,
  reportRoutes,
  revenueReportRoutes,
  checklistRoutes,
  recomputedRoutes,
  usageRoutes,
  reviseRoutes,
  meterRoutes,
  formattedRoutes,
  formatRoutes,
  parkedRoutes,
  webhookRoutes,
  deliveryRoutes,
  portalRoutes,
  consoleRoutes,
  clockRoutes,
]

/** The HTTP application: what every request passes through, then each capability's routes. */
export function createApp(): Router {
  const app = createRouter()

  // Before all that others pass: nothing of it is for them.
  app.route('/', ingestRoutes)
  app.use(request)
  app.use(securityHeaders)
  app.use(boundedBody)
  app.use(dispatchAfterWrite(dispatch))
  app.use('/api/*', limitCalls)

  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  for (const routes of ROUTES) app.route('/', routes)
  mountDocs(app)

  app.notFound((c) => answerProblem(new Problem(404, 'route_not_found', `Nothing is at ${c.req.path}.`), c))
  app.onError((error, c) => answerProblem(error, c))
  return app
}
