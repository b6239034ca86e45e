import { createRoute, z } from '@hono/zod-openapi'
import { instantOut, nameField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { sha256Hex } from '../kernel/hash.ts'
import { randomId, randomSecret } from '../kernel/id.ts'
import { notFound } from '../kernel/problem.ts'
import { commit } from '../storage/db.store.ts'
import { audit, insertApiKey, listApiKeys, revokeApiKey } from './access.store.ts'
import { requireScope } from './auth.http.ts'
import { SCOPES } from './principal.ts'

const keySchema = z
  .object({
    key_id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    created_at: instantOut,
    revoked_at: instantOut.nullable(),
  })
  .openapi('ApiKey')

const common = {
  tags: ['Access'],
  middleware: [requireScope('admin')],
}

export const keyRoutes = createRouter()

keyRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/keys',
    summary: 'Make an API key; its secret is shown this once',
    request: {
      body: jsonBody(z.object({ name: nameField, scopes: z.array(z.enum(SCOPES)).min(1) })),
    },
    responses: {
      201: jsonAnswer('The key', keySchema.extend({ secret: z.string() })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { name, scopes } = c.req.valid('json')
    const secret = `accrue_${randomSecret()}`
    const key = {
      id: randomId('key'),
      name,
      scopes,
      secretHash: sha256Hex(secret),
      createdAt: c.var.now,
      revokedAt: null,
    }
    await commit(c.var.db, [
      insertApiKey(c.var.db, key),
      ...audit(c.var.db, c.var, { action: 'api_key.create', subject: key.id, after: { name, scopes } }),
    ])
    return c.json({ ...showKey(key), secret }, 201)
  },
)

keyRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/keys',
    summary: 'List API keys, without their secrets',
    responses: {
      200: jsonAnswer('All keys', z.object({ data: z.array(keySchema) })),
      ...problemAnswers,
    },
  }),
  async (c) => c.json({ data: (await listApiKeys(c.var.db)).map(showKey) }, 200),
)

keyRoutes.openapi(
  createRoute({
    ...common,
    method: 'delete',
    path: '/api/keys/{key_id}',
    summary: 'Revoke an API key at once',
    request: { params: z.object({ key_id: z.string() }) },
    responses: {
      200: jsonAnswer('The revoked key', keySchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { key_id: id } = c.req.valid('param')
    const key = (await listApiKeys(c.var.db)).find((row) => row.id === id)
    if (!key) throw notFound('API key', id)
    await commit(c.var.db, [
      revokeApiKey(c.var.db, id, c.var.now),
      ...audit(c.var.db, c.var, { action: 'api_key.revoke', subject: id }),
    ])
    return c.json(showKey({ ...key, revokedAt: key.revokedAt ?? c.var.now }), 200)
  },
)

type KeyRow = Awaited<ReturnType<typeof listApiKeys>>[number]

const showKey = (key: KeyRow) => ({
  key_id: key.id,
  name: key.name,
  scopes: key.scopes,
  created_at: toIso(key.createdAt),
  revoked_at: key.revokedAt === null ? null : toIso(key.revokedAt),
})
