import { z } from '@hono/zod-openapi'
import { bodyAfter, editOf } from '../http/edit.http.ts'
import { instantOut, nameField, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { randomId } from '../kernel/id.ts'
import type { Product } from './catalog.store.ts'
import { creditTermsField } from './credit-terms.http.ts'
import { metricSchema } from './metric.http.ts'
import { SUM_OF_QUANTITY } from './metric.ts'
import { defaultRecognition } from './product.ts'
import { fitsKind, revenueField, settingsOf } from './revenue-settings.http.ts'

const productFields = {
  name: nameField,
  kind: z.enum(['usage', 'recurring', 'one_time']),
  metric: metricSchema.nullish().openapi({
    description: 'For usage: how events become a quantity. By default the sum of their quantities.',
  }),
  unit_name: nameField.nullish().openapi({ example: 'API call' }),
  tax_code: nameField.nullish(),
  revenue: revenueField
    .optional()
    .openapi({ description: 'By default usage as used, recurring fees day by day, one-time fees at once.' }),
  grants_credit: creditTermsField.nullish().openapi({
    description: 'The fee buys prepaid credit: a liability that becomes revenue as the credit is used.',
  }),
}

export const productBody = z
  .object({ product_ref: refField.optional(), ...productFields })
  .refine(({ kind, metric }) => kind === 'usage' || !metric, {
    path: ['metric'],
    message: 'only a usage product has a metric',
  })
  .refine(({ kind, revenue }) => fitsKind(kind, revenue), {
    path: ['revenue', 'recognition'],
    message: 'usage is recognised by `usage`, `daily` or `point_in_time`; a fee by anything but `usage`',
  })
  .refine(({ kind, revenue }) => kind === 'usage' || !revenue?.usage_policy, {
    path: ['revenue', 'usage_policy'],
    message: 'is said of usage alone',
  })
  .refine(({ kind, grants_credit }) => kind !== 'usage' || !grants_credit, {
    path: ['grants_credit'],
    message: 'is of recurring and one-time fees: what is metered is used already',
  })
  .refine(({ revenue, grants_credit }) => !revenue || !grants_credit, {
    path: ['revenue'],
    message: 'is not said of credit: it becomes revenue as it is used',
  })
  .refine(({ product_ref: own, grants_credit }) => !own || !grants_credit?.product_refs?.includes(own), {
    path: ['grants_credit', 'product_refs'],
    message: 'must not name the product itself: credit is not bought with credit',
  })
  .openapi('NewProduct')

export const productEdit = editOf(productFields).openapi('ProductEdit')

export const productSchema = z
  .object({
    product_ref: refField,
    ...productFields,
    origin: z
      .enum(['api', 'usage'])
      .openapi({ description: '`usage`: first heard of in a usage event, not set up yet.' }),
    created_at: instantOut,
  })
  .openapi('Product')

export const readProduct = (body: z.infer<typeof productBody>, now: number): Product => ({
  ref: body.product_ref ?? randomId('prd'),
  name: body.name,
  kind: body.kind,
  metric: body.kind === 'usage' ? (body.metric ?? SUM_OF_QUANTITY) : null,
  unitName: body.unit_name ?? null,
  taxCode: body.tax_code ?? null,
  recognition: body.revenue?.recognition ?? defaultRecognition[body.kind],
  revenue: settingsOf(body.revenue),
  grantsCredit: body.grants_credit ?? null,
  origin: 'api',
  createdAt: now,
})

/** The product after an edit. Another kind brings its own metric and recognition, where none are sent. */
export function readProductEdit(product: Product, edit: z.infer<typeof productEdit>): Product {
  const { metric, revenue, ...shown } = showProduct(product)
  const isEarned = (edit.kind ?? product.kind) === product.kind && !edit.grants_credit
  const ofKind = isEarned ? { metric, revenue } : {}
  return readProduct(bodyAfter(productBody, { ...shown, ...ofKind }, edit), product.createdAt)
}

export const showProduct = (product: Product): z.infer<typeof productSchema> => ({
  product_ref: product.ref,
  name: product.name,
  kind: product.kind,
  metric: product.metric,
  unit_name: product.unitName,
  tax_code: product.taxCode,
  ...(product.grantsCredit
    ? { grants_credit: product.grantsCredit }
    : { revenue: { recognition: product.recognition, ...product.revenue } }),
  origin: product.origin,
  created_at: toIso(product.createdAt),
})
