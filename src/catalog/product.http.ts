import { z } from '@hono/zod-openapi'
import { bodyAfter, editOf } from '../http/edit.http.ts'
import { instantOut, nameField, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { randomId } from '../kernel/id.ts'
import type { Product } from './catalog.store.ts'
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
  origin: 'api',
  createdAt: now,
})

/** The product after an edit. Another kind brings its own metric and recognition, where none are sent. */
export function readProductEdit(product: Product, edit: z.infer<typeof productEdit>): Product {
  const { metric, revenue, ...shown } = showProduct(product)
  const ofKind = (edit.kind ?? product.kind) === product.kind ? { metric, revenue } : {}
  return readProduct(bodyAfter(productBody, { ...shown, ...ofKind }, edit), product.createdAt)
}

export const showProduct = (product: Product): z.infer<typeof productSchema> => ({
  product_ref: product.ref,
  name: product.name,
  kind: product.kind,
  metric: product.metric,
  unit_name: product.unitName,
  tax_code: product.taxCode,
  revenue: { recognition: product.recognition, ...product.revenue },
  origin: product.origin,
  created_at: toIso(product.createdAt),
})
