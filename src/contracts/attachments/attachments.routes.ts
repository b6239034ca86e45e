import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { instantOut, nameField, refField } from '../../http/fields.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import { attach, attachmentKey } from './attach.job.ts'
import { type Attachment, attachmentsOf, findAttachment } from './attachments.store.ts'

const common = { tags: ['Contracts'] }
const file = { schema: z.string().openapi({ format: 'binary' }) }

const attachmentSchema = z
  .object({
    attachment_id: z.string(),
    contract_ref: refField,
    name: z.string(),
    content_type: z.string(),
    size: z.int().openapi({ description: 'Bytes.' }),
    sha256: z.string(),
    uploaded_by: z.string(),
    created_at: instantOut,
  })
  .openapi('ContractAttachment')

const showAttachment = (row: Attachment): z.infer<typeof attachmentSchema> => ({
  attachment_id: row.id,
  contract_ref: row.contractRef,
  name: row.name,
  content_type: row.contentType,
  size: row.size,
  sha256: row.sha256,
  uploaded_by: row.actor,
  created_at: toIso(row.createdAt),
})

/** Files of what was agreed. */
export const attachmentRoutes = createRouter()

attachmentRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contract-attachments',
    summary: 'Attach a file of terms to a contract; the body is the file',
    middleware: [requireScope('finance')] as const,
    request: {
      query: z.object({ contract_ref: refField, name: nameField }),
      body: { required: true, content: { 'application/pdf': file, 'application/octet-stream': file } },
    },
    responses: { 200: jsonAnswer('It is kept', attachmentSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: contractRef, name } = c.req.valid('query')
    const context = { db: c.var.db, archive: c.env.ARCHIVE, actor: c.var }
    const contentType = c.req.header('content-type') ?? ''
    const sent = { contractRef, name, contentType, content: await c.req.arrayBuffer() }
    return c.json(showAttachment(await attach(context, sent)), 200)
  },
)

attachmentRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/contract-attachments',
    summary: 'List the files of a contract',
    middleware: [requireScope('read')] as const,
    request: { query: z.object({ contract_ref: refField }) },
    responses: {
      200: jsonAnswer('Its files', z.object({ data: z.array(attachmentSchema) })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const rows = await attachmentsOf(c.var.db, c.req.valid('query').contract_ref)
    return c.json({ data: rows.map(showAttachment) }, 200)
  },
)

attachmentRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/contract-attachments/{attachment_id}',
    summary: 'Download a file of a contract',
    middleware: [requireScope('read')] as const,
    request: { params: z.object({ attachment_id: refField }) },
    responses: {
      200: { description: 'The file', content: { 'application/octet-stream': file } },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { attachment_id: id } = c.req.valid('param')
    const row = await findAttachment(c.var.db, id)
    const kept = row && (await c.env.ARCHIVE.get(attachmentKey(row.id)))
    if (!row || !kept) throw notFound('attachment', id)
    return c.body(kept.body, 200, {
      'content-type': row.contentType,
      'content-length': String(row.size),
      // Never shown inline: what was uploaded is not ours to run.
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(row.name)}`,
    })
  },
)
