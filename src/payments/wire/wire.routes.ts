import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { Problem } from '../../kernel/problem.ts'
import { showImport, statementQuery, statementSchema } from './statement.http.ts'
import { importStatement } from './statement.job.ts'

/** A day of a busy account is far below this; a larger file is split by the bank, by day or by account. */
const FILE_BYTES_MAX = 10 * 1024 * 1024

const file = { schema: z.string().openapi({ format: 'binary' }) }

export const wireRoutes = createRouter()

wireRoutes.openapi(
  createRoute({
    method: 'post',
    path: '/api/bank-statements',
    tags: ['Payments'],
    summary: 'Import a bank statement: camt.052, camt.053, camt.054 or CSV, found by its content',
    description:
      'The file is the body. CSV names its columns in the first line: date, amount, currency, and where there are any ' +
      'reference, payer, payer_account, id. The same file again, or the same entries in another format, adds nothing.',
    middleware: [requireScope('finance')] as const,
    request: {
      query: statementQuery,
      body: {
        required: true,
        content: { 'application/xml': file, 'text/csv': file, 'application/octet-stream': file },
      },
    },
    responses: {
      200: jsonAnswer('What was read, and what became of it', statementSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const body = await c.req.arrayBuffer()
    if (body.byteLength > FILE_BYTES_MAX) {
      throw new Problem(413, 'bank_statement_too_large', 'A bank statement may have 10 MB; split the file.')
    }
    const { entity_ref: entityRef } = c.req.valid('query')
    const context = { db: c.var.db, archive: c.env.ARCHIVE, actor: c.var }
    return c.json(showImport(await importStatement(context, body, entityRef)), 200)
  },
)
