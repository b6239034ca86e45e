import { createRoute, z } from '@hono/zod-openapi'
import { realTime } from '../clock/clock.store.ts'
import { nameField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { publicUrl } from '../http/public-url.http.ts'
import { createRouter } from '../http/router.http.ts'
import { conflict, notFound, Problem } from '../kernel/problem.ts'
import { commit } from '../storage/db.store.ts'
import { audit } from './access.store.ts'
import { requireScope } from './auth.http.ts'
import { ROLES } from './principal.ts'
import { accessOf } from './session.http.ts'
import {
  createLoginToken,
  findOperator,
  listOperators,
  removeOperator,
  saveOperator,
} from './session.store.ts'

const emailField = z.email().max(200).toLowerCase()
const operatorSchema = z
  .object({ email: emailField, name: nameField, role: z.enum(ROLES) })
  .openapi('Operator')

const common = { tags: ['Access'], middleware: [requireScope('admin')] }

export const operatorRoutes = createRouter()

operatorRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/operators',
    summary: 'Let a person into the console, or change the role',
    request: { body: jsonBody(operatorSchema) },
    responses: {
      200: jsonAnswer('The operator', operatorSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const operator = c.req.valid('json')
    await commit(c.var.db, [
      saveOperator(c.var.db, operator, c.var.now),
      ...audit(c.var.db, c.var, { action: 'operator.save', subject: operator.email, after: operator }),
    ])
    return c.json(operator, 200)
  },
)

operatorRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/operators',
    summary: 'List who may open the console',
    responses: {
      200: jsonAnswer('All operators', z.object({ data: z.array(operatorSchema) })),
      ...problemAnswers,
    },
  }),
  async (c) => c.json({ data: await listOperators(c.var.db) }, 200),
)

operatorRoutes.openapi(
  createRoute({
    ...common,
    method: 'delete',
    path: '/api/operators/{email}',
    summary: 'Let a person into the console no more; open sessions end at once',
    description: 'An address that the setting ADMIN_EMAILS names can sign in again: take it out there first.',
    request: { params: z.object({ email: emailField }) },
    responses: { 200: jsonAnswer('The operator who was removed', operatorSchema), ...problemAnswers },
  }),
  async (c) => {
    const { email } = c.req.valid('param')
    const operator = (await listOperators(c.var.db)).find((row) => row.email === email)
    if (!operator) throw notFound('operator', email)
    await commit(c.var.db, [
      ...removeOperator(c.var.db, email),
      ...audit(c.var.db, c.var, { action: 'operator.remove', subject: email, before: operator }),
    ])
    return c.json(operator, 200)
  },
)

operatorRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/operators/{email}/sign-in-link',
    summary: 'Make a one-time sign-in link for an operator, valid for 15 minutes',
    request: { params: z.object({ email: emailField }) },
    responses: {
      200: jsonAnswer('The link', z.object({ url: z.string() })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { email } = c.req.valid('param')
    if (accessOf(c.env)) throw conflict('access_in_charge', 'Cloudflare Access signs people in here.')
    const operator = await findOperator(c.var.db, email, c.env.ADMIN_EMAILS ?? '', c.var.now)
    if (!operator) throw notFound('operator', email)
    const token = await createLoginToken(c.var.db, email, realTime())
    if (!token)
      throw new Problem(429, 'too_many_links', 'Five links are open for this address; use one or wait.')
    // Whoever holds the link is that person: the log tells who made it.
    await commit(c.var.db, audit(c.var.db, c.var, { action: 'operator.sign_in_link', subject: email }))
    return c.json({ url: `${publicUrl(c)}/login/${token}` }, 200)
  },
)
