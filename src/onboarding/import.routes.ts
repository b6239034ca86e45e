import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { IMPORT_BODY, importAnswer, importQuery, readImport, showImport } from './import.http.ts'
import { importRows } from './import.job.ts'
import { openInvoiceBody } from './opening-invoice.http.ts'

/** Taking over what another system knows. */
export const importRoutes = createRouter()

importRoutes.openAPIRegistry.register('OpenInvoice', openInvoiceBody)

importRoutes.openapi(
  createRoute({
    tags: ['Import'],
    method: 'post',
    path: '/api/import',
    summary:
      'Take over entities, products, customers, contracts and open invoices, with a report for each row',
    description:
      'JSON with a list for each kind, or CSV of one kind: the first line names the fields, and a dot leads into nested ' +
      'ones. Rows may refer to each other. The same rows again are unchanged, so no Idempotency-Key is needed.',
    middleware: [requireScope('finance')] as const,
    request: {
      query: importQuery,
      body: {
        required: true,
        content: { 'application/json': { schema: IMPORT_BODY }, 'text/csv': { schema: { type: 'string' } } },
      },
    },
    responses: { 200: jsonAnswer('What became of each row', importAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { kind, dry_run: isDryRun, update: mayUpdate } = c.req.valid('query')
    const rows = readImport(await c.req.text(), c.req.header('content-type') ?? '', kind)
    const reports = await importRows(c.var.db, c.var, rows, { isDryRun, mayUpdate })
    return c.json(showImport(reports, isDryRun), 200)
  },
)
