import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { priceBookBody, priceBookSchema, readBookPrices, showPriceBook } from './price-book.http.ts'
import { writePriceBook } from './price-book.job.ts'
import { findPriceBook, listPriceBooks } from './price-book.store.ts'

const common = { tags: ['Price books'] }

/** Lists of prices that contracts are made from. */
export const priceBookRoutes = createRouter()

priceBookRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/price-books',
    summary: 'Write a price book, or its next version; contracts keep the prices they have',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(priceBookBody) },
    responses: {
      200: jsonAnswer('The latest version has this content', priceBookSchema),
      201: jsonAnswer('Written', priceBookSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { price_book: ref, name, prices } = c.req.valid('json')
    const sent = { ref, name, prices: readBookPrices(prices) }
    const { row, created } = await writePriceBook(c.var.db, c.var, sent)
    return c.json(showPriceBook(row), created ? 201 : 200)
  },
)

priceBookRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/price-books',
    summary: 'List price books in their latest version, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of price books', pageOf(priceBookSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listPriceBooks(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map(showPriceBook), next_cursor: nextCursor }, 200)
  },
)

priceBookRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/price-books/{price_book}',
    summary: 'Show a price book, the latest version or any other',
    middleware: [requireScope('read')] as const,
    request: {
      params: z.object({ price_book: refField }),
      query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    },
    responses: { 200: jsonAnswer('The price book', priceBookSchema), ...problemAnswers },
  }),
  async (c) => {
    const { price_book: ref } = c.req.valid('param')
    const book = await findPriceBook(c.var.db, ref, c.req.valid('query').version)
    if (!book) throw notFound('price book', ref)
    return c.json(showPriceBook(book), 200)
  },
)
