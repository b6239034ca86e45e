import { z } from '@hono/zod-openapi'
import { positiveDecimalField } from '../catalog/price-fields.http.ts'
import { nameField, refField } from '../http/fields.http.ts'
import type { FactBody } from './accounting/facts.ts'
import { planDate } from './preview/obligation.http.ts'

export const deliveryFields = {
  delivery_ref: refField.optional().openapi({ description: 'By default made of the content.' }),
  product_ref: refField,
  milestone: nameField.optional().openapi({ description: 'The milestone that was reached.' }),
  quantity: positiveDecimalField.optional().openapi({ description: 'Units that were delivered.' }),
  expected_total: positiveDecimalField
    .optional()
    .openapi({ description: 'How many units there will be in all, as estimated from this day on.' }),
}

export const deliveryBody = z
  .strictObject({ contract_ref: refField, date: planDate, ...deliveryFields })
  .openapi('Delivery')

type Sent = Omit<Extract<FactBody, { kind: 'delivery' }>, 'delivery_ref' | 'kind'> & {
  delivery_ref?: string | undefined
}

export const namedDelivery = (sent: Sent, date: string): FactBody => ({
  ...sent,
  kind: 'delivery',
  delivery_ref:
    sent.delivery_ref ?? [date, sent.product_ref, sent.milestone, sent.quantity].filter(Boolean).join('/'),
})
