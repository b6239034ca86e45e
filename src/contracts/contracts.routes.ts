import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter, judgedInFull } from '../http/router.http.ts'
import { inWhole } from '../kernel/partly.ts'
import { notFound } from '../kernel/problem.ts'
import { amendContract } from './changes/amend-contract.job.ts'
import { cancelContract } from './changes/cancel-contract.job.ts'
import { amendmentBody, cancellationBody, contractBody, noticeBody } from './contract.http.ts'
import { CONTRACT_STATUSES } from './contract.ts'
import { contractSchema, showContract, showVersion, versionSchema } from './contract-view.http.ts'
import { findContract, listContracts, versionsOf } from './contracts.store.ts'
import { createContract } from './create-contract.job.ts'
import { activateContract, giveNotice } from './sign-contract.job.ts'
import { amendmentParts, contractParts } from './terms/contract-parts.http.ts'

const common = { tags: ['Contracts'] }
const refParam = z.object({ contract_ref: refField })
const listQuery = pageQuery.extend({
  customer_ref: refField.optional(),
  status: z.enum(CONTRACT_STATUSES).optional(),
})

/** What is agreed with customers. */
export const contractRoutes = createRouter()

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contracts',
    summary: 'Make a contract; billing begins by itself',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(contractBody) },
    responses: {
      200: jsonAnswer('It was there with these terms', contractSchema),
      201: jsonAnswer('Made', contractSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { row, created } = await createContract(c.var.db, c.var, inWhole(c.req.valid('json')))
    return c.json(showContract(row), created ? 201 : 200)
  },
  judgedInFull(contractBody, contractParts, (c, sent) => createContract(c.var.db, c.var, sent)),
)

for (const path of ['/api/contracts', '/api/contracts/filter'] as const) {
  contractRoutes.openapi(
    createRoute({
      ...common,
      method: 'get',
      path,
      summary: 'List contracts, newest first; by customer or status',
      middleware: [requireScope('read')] as const,
      request: { query: listQuery },
      responses: { 200: jsonAnswer('A page of contracts', pageOf(contractSchema)), ...problemAnswers },
    }),
    async (c) => {
      const { customer_ref: customerRef, ...rest } = c.req.valid('query')
      const { rows, nextCursor } = await listContracts(c.var.db, { ...rest, customerRef })
      return c.json({ data: rows.map(showContract), next_cursor: nextCursor }, 200)
    },
  )
}

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/contracts/{contract_ref}',
    summary: 'Show a contract',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The contract', contractSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    const contract = await findContract(c.var.db, ref)
    if (!contract) throw notFound('contract', ref)
    return c.json(showContract(contract), 200)
  },
)

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contracts/edit/{contract_ref}',
    summary: 'Amend a contract, also inside the cycle that is paid for',
    description:
      'What was billed stays billed. A change of fees inside the running cycle is settled by credit and charge lines for the days left, on the next invoice or on one of its own; usage prices change with a cycle.',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: jsonBody(amendmentBody) },
    responses: { 200: jsonAnswer('The contract as amended', contractSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    const sent = inWhole(c.req.valid('json'))
    return c.json(showContract(await amendContract(c.var.db, c.var, ref, sent)), 200)
  },
  judgedInFull(amendmentBody, amendmentParts, (c, sent) =>
    amendContract(c.var.db, c.var, refParam.parse(c.req.param()).contract_ref, sent),
  ),
)

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contracts/cancel/{contract_ref}',
    summary: 'End a contract, at the end of its cycle or now',
    description:
      'What was billed stays billed. With `now_with_credit` the unused days of fees in advance are given back on the last invoice, or by a credit note where it cannot take them.',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: { content: jsonBody(cancellationBody).content, required: false } },
    responses: { 200: jsonAnswer('The contract with its end', contractSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    return c.json(showContract(await cancelContract(c.var.db, c.var, ref, c.req.valid('json') ?? {})), 200)
  },
)

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/contracts/{contract_ref}/versions',
    summary: 'Every version of a contract, the newest first',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: {
      200: jsonAnswer('The versions', z.object({ data: z.array(versionSchema) })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    const versions = await versionsOf(c.var.db, ref)
    if (versions.length === 0) throw notFound('contract', ref)
    return c.json({ data: versions.map(showVersion) }, 200)
  },
)

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contracts/activate/{contract_ref}',
    summary: 'Put a draft in force; billing begins by itself',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The contract in force', contractSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    return c.json(showContract(await activateContract(c.var.db, c.var, ref)), 200)
  },
)

contractRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/contracts/notice/{contract_ref}',
    summary: 'Give notice: the contract does not renew, and ends on its end date',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: { content: jsonBody(noticeBody).content, required: false } },
    responses: { 200: jsonAnswer('The contract with its notice', contractSchema), ...problemAnswers },
  }),
  async (c) => {
    const { contract_ref: ref } = c.req.valid('param')
    const { reason } = c.req.valid('json') ?? {}
    return c.json(showContract(await giveNotice(c.var.db, c.var, ref, reason)), 200)
  },
)
