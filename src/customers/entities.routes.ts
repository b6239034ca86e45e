import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { findEntity, listEntities } from './customers.store.ts'
import { editEntity } from './edit.job.ts'
import {
  entityBody,
  entityEdit,
  entitySchema,
  readEntity,
  readEntityEdit,
  showEntity,
} from './entity.http.ts'
import { registerEntity } from './register.job.ts'

const common = { tags: ['Entities'] }
const refParam = z.object({ entity_ref: refField })
const nameSchema = z.object({ entity_ref: refField, name: z.string() })

/** The sellers: legal entities that issue invoices. */
export const entityRoutes = createRouter()

entityRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/entities',
    summary: 'Set up a legal entity that sells',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(entityBody) },
    responses: {
      200: jsonAnswer('It was there with this content', entitySchema),
      201: jsonAnswer('Set up', entitySchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const entity = readEntity(c.req.valid('json'), c.var.now)
    const { row, created } = await registerEntity(c.var.db, c.var, entity)
    return c.json(showEntity(row), created ? 201 : 200)
  },
)

entityRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/entities',
    summary: 'List legal entities, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of entities', pageOf(entitySchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listEntities(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map(showEntity), next_cursor: nextCursor }, 200)
  },
)

entityRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/entities/names',
    summary: 'List the references and names of legal entities',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of names', pageOf(nameSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listEntities(c.var.db, c.req.valid('query'))
    const data = rows.map(({ ref, name }) => ({ entity_ref: ref, name }))
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)

entityRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/entities/{entity_ref}',
    summary: 'Show a legal entity',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The entity', entitySchema), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: ref } = c.req.valid('param')
    const entity = await findEntity(c.var.db, ref)
    if (!entity) throw notFound('entity', ref)
    return c.json(showEntity(entity), 200)
  },
)

entityRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/entities/edit/{entity_ref}',
    summary: 'Correct a legal entity; what is issued keeps what it says',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: jsonBody(entityEdit) },
    responses: { 200: jsonAnswer('The entity as it is now', entitySchema), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: ref } = c.req.valid('param')
    const entity = await findEntity(c.var.db, ref)
    if (!entity) throw notFound('entity', ref)
    const edited = readEntityEdit(entity, c.req.valid('json'))
    await editEntity(c.var.db, c.var, entity, edited)
    return c.json(showEntity(edited), 200)
  },
)
