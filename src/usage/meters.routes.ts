import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { checkSchema, customerParam, meterEdit, meterSchema, showCheck, showMeter } from './meters.http.ts'
import { checkMeter, meterState, rebuildMeter, setMeter } from './meters.job.ts'

const common = { tags: ['Usage meters'] }

/** The objects that count a customer's usage: how many they are, what they hold, and whether it is right. */
export const meterRoutes = createRouter()

meterRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/meters/{customer_ref}',
    summary: 'Show the meter of a customer',
    middleware: [requireScope('read')] as const,
    request: { params: customerParam },
    responses: { 200: jsonAnswer('The meter', meterSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref } = c.req.valid('param')
    return c.json(showMeter(customer_ref, await meterState(c.env, customer_ref)), 200)
  },
)

meterRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/meters/{customer_ref}',
    summary: 'Spread the meter of a hot customer over more objects',
    description: 'Nothing is lost, doubled or moved meanwhile.',
    middleware: [requireScope('admin'), idempotent] as const,
    request: { params: customerParam, body: jsonBody(meterEdit) },
    responses: { 200: jsonAnswer('The meter', meterSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref } = c.req.valid('param')
    const meter = await setMeter(c.env, c.var.db, c.var, customer_ref, c.req.valid('json'))
    return c.json(showMeter(customer_ref, meter), 200)
  },
)

meterRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/meters/{customer_ref}/verify',
    summary: 'Prove the totals of a customer by the events in archive and log',
    middleware: [requireScope('admin')] as const,
    request: { params: customerParam },
    responses: { 200: jsonAnswer('What was found', checkSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref } = c.req.valid('param')
    return c.json(showCheck(await checkMeter(c.env, customer_ref, false)), 200)
  },
)

meterRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/meters/{customer_ref}/rebuild',
    summary: 'Make totals that are wrong again, from the events',
    description: 'Answers what was found, and was made again unless `faults` says that events are missing.',
    middleware: [requireScope('admin')] as const,
    request: { params: customerParam },
    responses: { 200: jsonAnswer('What was found', checkSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref } = c.req.valid('param')
    return c.json(showCheck(await rebuildMeter(c.env, c.var.db, c.var, customer_ref)), 200)
  },
)
