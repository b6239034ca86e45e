import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import {
  customerBody,
  customerEdit,
  customerSchema,
  readCustomer,
  readCustomerEdit,
  showCustomer,
} from './customer.http.ts'
import { findCustomer, listCustomers } from './customers.store.ts'
import { editCustomer } from './edit.job.ts'
import { registerCustomer } from './register.job.ts'

const common = { tags: ['Customers'] }
const refParam = z.object({ customer_ref: refField })
const listQuery = pageQuery.extend({ entity_ref: refField.optional() })
const nameSchema = z.object({ customer_ref: refField, name: z.string() })

/** Those who buy. */
export const customerRoutes = createRouter()

customerRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/customers',
    summary: 'Set up a customer, or complete one that usage made known',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(customerBody) },
    responses: {
      200: jsonAnswer(
        'It was there with this content, or known from usage and is now complete',
        customerSchema,
      ),
      201: jsonAnswer('Set up', customerSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const customer = readCustomer(c.req.valid('json'), c.var.now)
    const { row, created } = await registerCustomer(c.var.db, c.var, customer)
    return c.json(showCustomer(row), created ? 201 : 200)
  },
)

customerRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/customers',
    summary: 'List customers, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: listQuery },
    responses: { 200: jsonAnswer('A page of customers', pageOf(customerSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listCustomers(c.var.db, { ...page, entityRef })
    return c.json({ data: rows.map(showCustomer), next_cursor: nextCursor }, 200)
  },
)

customerRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/customers/names',
    summary: 'List the references and names of customers',
    middleware: [requireScope('read')] as const,
    request: { query: listQuery },
    responses: { 200: jsonAnswer('A page of names', pageOf(nameSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listCustomers(c.var.db, { ...page, entityRef })
    const data = rows.map(({ ref, name }) => ({ customer_ref: ref, name }))
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)

customerRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/customers/{customer_ref}',
    summary: 'Show a customer',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The customer', customerSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref: ref } = c.req.valid('param')
    const customer = await findCustomer(c.var.db, ref)
    if (!customer) throw notFound('customer', ref)
    return c.json(showCustomer(customer), 200)
  },
)

customerRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/customers/edit/{customer_ref}',
    summary: 'Correct a customer; what is issued keeps what it says',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: jsonBody(customerEdit) },
    responses: { 200: jsonAnswer('The customer as it is now', customerSchema), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref: ref } = c.req.valid('param')
    const customer = await findCustomer(c.var.db, ref)
    if (!customer) throw notFound('customer', ref)
    const edited = readCustomerEdit(customer, c.req.valid('json'))
    await editCustomer(c.var.db, c.var, customer, edited)
    return c.json(showCustomer(edited), 200)
  },
)
