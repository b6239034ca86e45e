import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { idempotent } from '../../access/idempotency.http.ts'
import { findProducts } from '../../catalog/catalog.store.ts'
import { editProduct } from '../../catalog/edit.job.ts'
import {
  productBody,
  productEdit,
  productSchema,
  readProduct,
  readProductEdit,
  showProduct,
} from '../../catalog/product.http.ts'
import { registerProduct } from '../../catalog/register.job.ts'
import { refField } from '../../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { notFound } from '../../kernel/problem.ts'
import { refuseUnfitChange } from './unfit-change.job.ts'

const common = { tags: ['Products'] }

const refParam = z.object({ product_ref: refField })

/** What is sold, set up and corrected: held against the contracts that sell it. */
export const productChangeRoutes = createRouter()

productChangeRoutes.openapi(
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
    await refuseUnfitChange(c.var.db, product)
    const { row, created } = await registerProduct(c.var.db, c.var, product)
    return c.json(showProduct(row), created ? 201 : 200)
  },
)

productChangeRoutes.openapi(
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
    await refuseUnfitChange(c.var.db, edited)
    await editProduct(c.var.db, c.var, product, edited)
    return c.json(showProduct(edited), 200)
  },
)
