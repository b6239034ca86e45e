import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { priceModelSchema, readPriceModel } from '../catalog/price.http.ts'
import { currencyField, decimalField, moneyOut } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { formatMoney, toMinor } from '../kernel/money.ts'
import { decimal, formatDecimal } from '../kernel/rational.ts'
import { previewRate } from './preview.ts'

const rateBody = z.strictObject({
  currency: currencyField,
  model: priceModelSchema,
  quantity: decimalField.default('0').openapi({
    description: 'Usage of this line alone. A flat price does not depend on it.',
  }),
  already_billed: z
    .strictObject({ quantity: decimalField.default('0'), amount: decimalField.optional() })
    .optional()
    .openapi({
      description: 'Billed for the same period before; `amount` by default the price of `quantity`.',
    }),
  line_position: z.enum(['single', 'first', 'middle', 'last']).default('single'),
})

const rateAnswer = z.object({
  currency: currencyField,
  amount: z.string().openapi({ description: 'Exact, in major units.' }),
  rounded_amount: moneyOut,
  billable_quantity: z.string(),
  lines: z.array(
    z.object({ description: z.string(), quantity: z.string(), unit_amount: z.string(), amount: z.string() }),
  ),
})

/** Billing decisions that leave no trace: here the price of a quantity. */
export const ratingPreviewRoutes = createRouter()

ratingPreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    security: [{ bearer: [] }],
    method: 'post',
    path: '/api/preview/rate',
    summary: 'What a price makes of a quantity',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(rateBody) },
    responses: { 200: jsonAnswer('The price', rateAnswer), ...problemAnswers },
  }),
  (c) => {
    const {
      currency,
      model,
      quantity,
      already_billed: already,
      line_position: position,
    } = c.req.valid('json')
    const rated = previewRate({
      model: readPriceModel(model),
      quantity: decimal(quantity),
      already: already && {
        quantity: decimal(already.quantity),
        amount: already.amount === undefined ? undefined : decimal(already.amount),
      },
      position,
    })
    const lines = rated.detail.map((row) => ({
      description: row.description,
      quantity: formatDecimal(row.quantity),
      unit_amount: formatDecimal(row.unitAmount),
      amount: formatDecimal(row.amount),
    }))
    return c.json(
      {
        currency,
        amount: formatDecimal(rated.amount),
        rounded_amount: formatMoney(toMinor(rated.amount, currency), currency),
        billable_quantity: formatDecimal(rated.billableQuantity),
        lines,
      },
      200,
    )
  },
)
