import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import {
  balanceSchema,
  creditSchema,
  creditWithMovementsSchema,
  grantBody,
  voidBody,
} from './credits.http.ts'
import { findCredit, listCredits, readWallet } from './credits.store.ts'
import { grantCredit } from './grant.job.ts'
import { showBalance, showCredit, showMovement } from './show-credit.ts'
import { voidCredit } from './void-credit.job.ts'
import { walletBalances } from './wallet.ts'

const common = { tags: ['Credits'] }
const refParam = z.object({ credit_ref: refField })

/** Prepaid and promotional credit of customers. */
export const creditRoutes = createRouter()

creditRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/credits/grant',
    summary: 'Grant credit to a customer, once or every cycle',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(grantBody) },
    responses: {
      200: jsonAnswer('It was there with this content', creditWithMovementsSchema),
      201: jsonAnswer('Granted', creditWithMovementsSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { row, created } = await grantCredit(c.var.db, c.var, c.req.valid('json'))
    return c.json(await readCredit(c.var.db, row.ref), created ? 201 : 200)
  },
)

creditRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credits',
    summary: 'List grants of credit, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery.extend({ customer_ref: refField.optional() }) },
    responses: { 200: jsonAnswer('A page of grants', pageOf(creditSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref: customerRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listCredits(c.var.db, { ...page, customerRef })
    return c.json({ data: rows.map(showCredit), next_cursor: nextCursor }, 200)
  },
)

creditRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credits/balance',
    summary: 'What a customer can use now, in each currency, and what expires next',
    middleware: [requireScope('read')] as const,
    request: { query: z.object({ customer_ref: refField }) },
    responses: {
      200: jsonAnswer('One balance for each currency', z.object({ data: z.array(balanceSchema) })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { customer_ref: customerRef } = c.req.valid('query')
    const wallet = await readWallet(c.var.db, { customerRef })
    return c.json({ data: walletBalances(wallet, c.var.now).map(showBalance) }, 200)
  },
)

creditRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credits/{credit_ref}',
    summary: 'Show a grant with all its movements',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The grant', creditWithMovementsSchema), ...problemAnswers },
  }),
  async (c) => c.json(await readCredit(c.var.db, c.req.valid('param').credit_ref), 200),
)

creditRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/credits/void/{credit_ref}',
    summary: 'Take back what is left of a grant, and end its series',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: jsonBody(voidBody) },
    responses: { 200: jsonAnswer('What is left', creditWithMovementsSchema), ...problemAnswers },
  }),
  async (c) => {
    const { credit_ref: ref } = c.req.valid('param')
    await voidCredit(c.var.db, c.var, ref, c.req.valid('json'))
    return c.json(await readCredit(c.var.db, ref), 200)
  },
)

async function readCredit(db: Db, ref: string) {
  const found = await findCredit(db, ref)
  if (!found) throw notFound('credit', ref)
  const { state, movements } = found
  const { currency } = state.grant
  return { ...showCredit(state), movements: movements.map((each) => showMovement(each, currency)) }
}
