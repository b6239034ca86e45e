import { createRoute, z } from '@hono/zod-openapi'
import { instantOut, pageOf, pageQuery } from '../http/fields.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { type AuditRow, listAudit } from './access.store.ts'
import { requireScope } from './auth.http.ts'

const auditSchema = z
  .object({
    audit_id: z.string(),
    at: instantOut,
    actor: z
      .string()
      .openapi({ description: 'The API key, by name and id, or the address of the operator.' }),
    action: z.string().openapi({ example: 'contract.amend' }),
    subject: z.string().openapi({ description: 'The reference or id of what was changed.' }),
    before: z.unknown(),
    after: z.unknown(),
    request_id: z.string(),
  })
  .openapi('AuditEntry')

/** Who changed what, when. The log is written with each change and never changed itself. */
export const auditRoutes = createRouter()

auditRoutes.openapi(
  createRoute({
    method: 'get',
    path: '/api/audit-log',
    tags: ['Access'],
    summary: 'List what people changed, newest first; of one subject where one is named',
    middleware: [requireScope('admin')] as const,
    request: { query: pageQuery.extend({ subject: z.string().min(1).max(200).optional() }) },
    responses: { 200: jsonAnswer('A page of the audit log', pageOf(auditSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { subject, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listAudit(c.var.db, page, subject)
    return c.json({ data: rows.map(showEntry), next_cursor: nextCursor }, 200)
  },
)

const showEntry = ({ id, at, requestId, actor, action, subject, before, after }: AuditRow) => ({
  audit_id: id,
  at: toIso(at),
  actor,
  action,
  subject,
  before,
  after,
  request_id: requestId,
})
