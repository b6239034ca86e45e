import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { contractAnswer, contractSummarySchema, contractsQuery, frameworkQuery } from './accounting.http.ts'
import { readContract } from './accounting.job.ts'
import { deliveryBody, namedDelivery } from './deliveries.http.ts'
import { factBody, factSchema, readFact, showFact } from './facts.http.ts'
import { stateFact } from './facts.job.ts'
import { groupsOf, listRevenueContracts } from './revenue-contracts.store.ts'
import { showContract, showSummary } from './show-contract.http.ts'

const common = { tags: ['Revenue'] }
const params = z.object({ contract_ref: refField })
const stated = {
  200: jsonAnswer('Stated before', factSchema),
  201: jsonAnswer('Stated', factSchema),
  ...problemAnswers,
}

/** Contracts as revenue sees them: obligations, prices, modifications, and what finance states about them. */
export const accountingRoutes = createRouter()

accountingRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/revenue/contracts',
    summary: 'List contracts in force with what their revenue follows, newest first',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { query: contractsQuery },
    responses: { 200: jsonAnswer('A page of contracts', pageOf(contractSummarySchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listRevenueContracts(c.var.db, { ...page, entityRef })
    const groups = await groupsOf(c.var.db, rows)
    const data = rows.map((row) => showSummary(row, groups.get(row.groupRef) ?? [row.ref]))
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)

accountingRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/revenue/contracts/{contract_ref}',
    summary: 'Show how a contract is accounted for: obligations, allocation, modifications, reasons',
    middleware: [requireScope('read')] as const,
    request: { params, query: frameworkQuery },
    responses: { 200: jsonAnswer('The contract', contractAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    const known = await readContract(c.var.db, ref)
    return c.json(showContract(ref, known, c.req.valid('query').framework), 200)
  },
)

accountingRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/revenue/contracts/{contract_ref}/facts',
    summary: 'State a fact or a judgement about a contract: an estimate, a treatment, a combination',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params, body: jsonBody(factBody) },
    responses: stated,
  }),
  async (c) => {
    const sent = c.req.valid('json')
    const { row, created } = await stateFact(c.var.db, c.var, {
      contractRef: c.req.valid('param').contract_ref,
      effectiveDate: sent.effective_date,
      body: readFact(sent),
      reason: sent.reason,
    })
    return c.json(showFact(row), created ? 201 : 200)
  },
)

accountingRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/revenue/deliveries',
    summary: 'Report what was delivered: a milestone, units, or what a point in time waits for',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(deliveryBody) },
    responses: stated,
  }),
  async (c) => {
    const { contract_ref: contractRef, date, ...delivery } = c.req.valid('json')
    const { row, created } = await stateFact(c.var.db, c.var, {
      contractRef,
      effectiveDate: date,
      body: namedDelivery(delivery, date),
      reason: null,
    })
    return c.json(showFact(row), created ? 201 : 200)
  },
)
