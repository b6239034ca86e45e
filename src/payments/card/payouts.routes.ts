import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { pageOf } from '../../http/fields.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { payoutSchema, payoutsQuery, showPayout } from './payouts.http.ts'
import { listPayouts, movedWith, NOTHING_MOVED } from './payouts.store.ts'

/** What the card processor paid out. */
export const payoutRoutes = createRouter()

payoutRoutes.openapi(
  createRoute({
    method: 'get',
    path: '/api/payouts',
    tags: ['Payments'],
    summary: 'Payouts of the card processor with the sum of what each is made of, the latest recorded first',
    middleware: [requireScope('read')] as const,
    request: { query: payoutsQuery },
    responses: { 200: jsonAnswer('A page of payouts', pageOf(payoutSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...query } = c.req.valid('query')
    const { rows, nextCursor } = await listPayouts(c.var.db, { ...query, entityRef })
    const moved = await movedWith(
      c.var.db,
      rows.map(({ id }) => id),
    )
    const data = rows.map((payout) => showPayout(payout, moved.get(payout.id) ?? NOTHING_MOVED))
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)
