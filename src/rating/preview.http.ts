import { z } from '@hono/zod-openapi'
import { modifiersField } from '../catalog/modifiers.http.ts'
import { priceModelSchema, readPriceModel, refinePrice } from '../catalog/price.http.ts'
import { refinedBy } from '../catalog/price-fields.http.ts'
import { currencyField, decimalField, moneyOut } from '../http/fields.http.ts'
import { apportion } from '../kernel/apportion.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { formatMoney, toMinor } from '../kernel/money.ts'
import type { Fault } from '../kernel/problem.ts'
import { decimal, formatDecimal, negate, type RoundingMode, rational } from '../kernel/rational.ts'
import type { LineQuestion, RatedLine } from './line.ts'
import { eventSchema, faultsOfUsage, PARTS_MAX, readUsage } from './usage.http.ts'

const DAYS_MAX = 36_600

const prorationSchema = z
  .strictObject({ days: z.int().min(0), period_days: z.int().min(1).max(DAYS_MAX) })
  .refine(({ days, period_days }) => days <= period_days, {
    path: ['days'],
    message: 'must not be more than period_days',
  })
  .openapi({ description: 'The days of the period that are billed, of the days it has.' })

const usageFields = {
  quantity: decimalField.optional().openapi({
    description: 'Usage of this line alone. A flat price does not depend on it.',
  }),
  quantities: z.array(decimalField).max(PARTS_MAX).optional().openapi({
    description: 'One quantity for each window; each is priced alone.',
  }),
  event_amounts: z.array(decimalField).max(PARTS_MAX).optional(),
  events: z.array(eventSchema).max(PARTS_MAX).optional(),
  group_by: z.array(z.string().min(1).max(128)).min(1).max(20).optional().openapi({
    description: 'Properties of the events: each combination of their values is priced alone.',
  }),
}

export const rateBody = z
  .strictObject({
    currency: currencyField,
    model: priceModelSchema,
    modifiers: modifiersField,
    ...usageFields,
    already_billed: z
      .strictObject({ quantity: decimalField.default('0'), amount: decimalField.optional() })
      .optional()
      .openapi({
        description: 'Billed for the same period before; `amount` by default the price of `quantity`.',
      }),
    line_position: z.enum(['single', 'first', 'middle', 'last']).default('single'),
    proration: prorationSchema.optional(),
    rounding: z.enum(['half_up', 'half_even']).default('half_up'),
  })
  .superRefine(refinePrice)
  .superRefine(refinedBy((body): Fault[] => faultsOfUsage(body)))

type RateBody = z.infer<typeof rateBody>

const lineOut = z.object({
  description: z.string(),
  quantity: z.string(),
  unit_amount: z.string(),
  amount: z.string(),
})

export const rateAnswer = z.object({
  currency: currencyField,
  amount: z.string().openapi({ description: 'Of this line, exact, in major units.' }),
  rounded_amount: moneyOut,
  billable_quantity: z.string().openapi({ description: 'Of this line, converted, without free units.' }),
  lines: z.array(lineOut).openapi({ description: 'The arithmetic; the rows add up to `amount`.' }),
  gross: moneyOut.openapi({ description: 'The price of the period so far, before discounts and limits.' }),
  discount: moneyOut.openapi({ description: 'What discounts and the maximum take off.' }),
  minimum_top_up: moneyOut,
  already_billed: moneyOut,
  net: moneyOut.openapi({ description: 'gross − discount + minimum_top_up − already_billed' }),
})

export function readRateBody(body: RateBody): LineQuestion {
  const { already_billed: already, proration } = body
  const model = readPriceModel(body.model)
  return {
    price: { model, modifiers: body.modifiers },
    usage: readUsage(body, model),
    already: already && {
      quantity: decimal(already.quantity),
      amount: already.amount === undefined ? undefined : decimal(already.amount),
    },
    position: body.line_position,
    factor: proration && rational(BigInt(proration.days), BigInt(proration.period_days)),
  }
}

/** Both totals are rounded before the subtraction, so that the lines of a period add up to its rounded price. */
export function showRatedLine(
  { amount, billableQuantity, detail, whole, billed }: RatedLine,
  { currency, rounding }: { currency: string; rounding: RoundingMode },
): z.infer<typeof rateAnswer> {
  const total = toMinor(whole.amount, currency, rounding)
  const before = toMinor(billed, currency, rounding)
  const scale = 10n ** BigInt(currencyDigits(currency))
  const steps = [whole.gross, negate(whole.discount), whole.minimumTopUp]
  const [gross = 0n, discount = 0n, topUp = 0n] = apportion(
    total,
    steps.map(({ num, den }) => rational(num * scale, den)),
  )
  const money = (minor: bigint) => formatMoney(minor, currency)
  return {
    currency,
    amount: formatDecimal(amount),
    rounded_amount: money(total - before),
    billable_quantity: formatDecimal(billableQuantity),
    lines: detail.map((row) => ({
      description: row.description,
      quantity: formatDecimal(row.quantity),
      unit_amount: formatDecimal(row.unitAmount),
      amount: formatDecimal(row.amount),
    })),
    gross: money(gross),
    discount: money(-discount),
    minimum_top_up: money(topUp),
    already_billed: money(before),
    net: money(total - before),
  }
}
