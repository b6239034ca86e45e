import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { findProducts, listProducts } from './catalog.store.ts'
import { editProduct } from './edit.job.ts'
import {
  productBody,
  productEdit,
  productSchema,
  readProduct,
  readProductEdit,
  showProduct,
} from './product.http.ts'
import { registerProduct } from './register.job.ts'

const common = { tags: ['Products'], security: [{ bearer: [] }] }

const refParam = z.object({ product_ref: refField })

/** What is sold. */
export const catalogRoutes = createRouter()

catalogRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/products',
    summary: 'Set up a product, or complete one that usage made known',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(productBody) },
    responses: {
      200: jsonAnswer(
        'It was there with this content, or known from usage and is now complete',
        productSchema,
      ),
      201: jsonAnswer('Set up', productSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const product = readProduct(c.req.valid('json'), c.var.now)
    const { row, created } = await registerProduct(c.var.db, c.var, product)
    return c.json(showProduct(row), created ? 201 : 200)
  },
)

catalogRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/products',
    summary: 'List products, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of products', pageOf(productSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listProducts(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map(showProduct), next_cursor: nextCursor }, 200)
  },
)

catalogRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/products/{product_ref}',
    summary: 'Show a product',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The product', productSchema), ...problemAnswers },
  }),
  async (c) => {
    const { product_ref: ref } = c.req.valid('param')
    const product = (await findProducts(c.var.db, [ref])).get(ref)
    if (!product) throw notFound('product', ref)
    return c.json(showProduct(product), 200)
  },
)

catalogRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/products/edit/{product_ref}',
    summary: 'Correct a product',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam, body: jsonBody(productEdit) },
    responses: { 200: jsonAnswer('The product as it is now', productSchema), ...problemAnswers },
  }),
  async (c) => {
    const { product_ref: ref } = c.req.valid('param')
    const product = (await findProducts(c.var.db, [ref])).get(ref)
    if (!product) throw notFound('product', ref)
    const edited = readProductEdit(product, c.req.valid('json'))
    await editProduct(c.var.db, c.var, product, edited)
    return c.json(showProduct(edited), 200)
  },
)
