import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { findProducts, listProducts } from './catalog.store.ts'
import { productSchema, showProduct } from './product.http.ts'

const common = { tags: ['Products'] }

const refParam = z.object({ product_ref: refField })

/** What is sold. */
export const catalogRoutes = createRouter()

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
