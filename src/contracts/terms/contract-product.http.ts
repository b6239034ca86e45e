import { z } from '@hono/zod-openapi'
import { modifiersField } from '../../catalog/modifiers.http.ts'
import { priceModelSchema, readPriceModel, refinePrice } from '../../catalog/price.http.ts'
import { refinedBy } from '../../catalog/price-fields.http.ts'
import { nonNegativeDecimalField, refField } from '../../http/fields.http.ts'
import { TRIED_TWICE, trialFields, triedOnce } from '../periods/trial.http.ts'
import { billingCycleSchema, billingDateField } from './billing-cycle.http.ts'
import type { AskedProduct } from './booked-product.ts'
import { readSchedule, scheduleFields } from './price-schedule.http.ts'
import { productTaxField } from './tax-terms.http.ts'

const PRODUCTS_MAX = 100

const productFields = {
  product_ref: refField,
  quantity: nonNegativeDecimalField
    .default('1')
    .openapi({ description: 'Seats or pieces: multiplies a flat price.' }),
  billing_start_date: billingDateField.nullish(),
  billing_end_date: billingDateField
    .nullish()
    .openapi({ description: 'Exclusive: the first day on which the product is no longer billed.' }),
  billing_cycle: billingCycleSchema.optional().openapi({
    description:
      "Of a recurring fee: bills it by a cycle of its own, no shorter than the contract's, such as a yearly fee beside monthly usage.",
  }),
  anchor_date: billingDateField.optional().openapi({
    description: "The date that a cycle of its own is counted from. By default the contract's.",
  }),
  ...trialFields,
  credit_removals: z.boolean().optional().openapi({
    description: 'Seats that are taken away inside a cycle that is paid for are credited.',
  }),
  bill: z.enum(['advance', 'arrears']).optional().openapi({
    description:
      'When a flat price without a `term` is billed. Usage in advance is charged as it happens, by the day.',
  }),
  tax: productTaxField,
  ...scheduleFields,
}

/** Where a price was taken from, as the API tells it. */
export const priceBookOut = z.strictObject({ ref: refField, version: z.int().min(1) })

const changesField = z.record(z.string().max(64), z.unknown())

const askedSchema = z
  .strictObject({
    ...productFields,
    model: priceModelSchema.optional(),
    modifiers: modifiersField,
    price_book: z.union([refField, priceBookOut]).optional().openapi({
      description:
        'In place of a model, the book that it is taken from: the latest version, the price of the first day.',
    }),
    overrides: z
      .strictObject({ model: changesField.optional(), modifiers: changesField.optional() })
      .optional()
      .openapi({
        description: 'Replaces any number of a price of a book; a list, such as tiers, as a whole.',
      }),
  })
  .superRefine(refinedBy(faultsOfAsked))
  .superRefine((sent, context) => {
    if (sent.model) refinePrice({ model: sent.model, modifiers: sent.modifiers }, context)
  })
  .refine(triedOnce, TRIED_TWICE)

/** A price, or the name of the book that has it. */
function faultsOfAsked(sent: {
  model?: unknown
  modifiers?: unknown
  price_book?: unknown
  overrides?: unknown
}) {
  const isBooked = typeof sent.price_book === 'string'
  if (isBooked) {
    return (['model', 'modifiers'] as const)
      .filter((path) => sent[path] !== undefined)
      .map((path) => ({ path, message: 'is in the price book; replace what is other under overrides' }))
  }
  return [
    ...(sent.model === undefined ? [{ path: 'model', message: 'send a model, or a price_book' }] : []),
    ...(sent.overrides === undefined ? [] : [{ path: 'overrides', message: 'are for a price_book' }]),
  ]
}

/** Products with their prices, or with the name of a price book. */
export const productsField = z.array(askedSchema.transform(readAsked)).min(1).max(PRODUCTS_MAX)

type Asked = z.infer<typeof askedSchema>
type Sent = z.infer<z.ZodObject<typeof productFields>>

const termOf = (bill: Sent['bill']) => (bill === 'arrears' ? 'in_arrears' : 'in_advance')

const readCommon = ({ bill, ...sent }: Sent) => ({
  product_ref: sent.product_ref,
  quantity: sent.quantity,
  billing_start_date: sent.billing_start_date ?? null,
  billing_end_date: sent.billing_end_date ?? null,
  ...(sent.billing_cycle && { billing_cycle: sent.billing_cycle }),
  ...(sent.anchor_date !== undefined && { anchor_date: sent.anchor_date }),
  ...(sent.trial_days !== undefined && { trial_days: sent.trial_days }),
  ...(sent.trial_end_date !== undefined && { trial_end_date: sent.trial_end_date }),
  ...(sent.credit_removals && { credit_removals: true as const }),
  ...(sent.tax && { taxes: sent.tax }),
  ...readSchedule(sent, termOf(bill)),
})

function readAsked({ model, modifiers, price_book: book, overrides, ...sent }: Asked): AskedProduct {
  if (typeof book !== 'string' && model) {
    return {
      ...readCommon(sent),
      model: readPriceModel(model, termOf(sent.bill)),
      ...(modifiers && { modifiers }),
      ...(sent.bill === 'advance' && model.type !== 'flat' && { bill: 'advance' }),
      ...(book && { price_book: book }),
    }
  }
  return {
    book: String(book),
    overrides: overrides ?? {},
    term: sent.bill && termOf(sent.bill),
    product: readCommon(sent),
  }
}
