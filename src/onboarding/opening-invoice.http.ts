import { z } from '@hono/zod-openapi'
import { billingDateField } from '../contracts/terms/billing-cycle.http.ts'
import { currencyField, nonNegativeDecimalField, refField } from '../http/fields.http.ts'

/** What is open of an invoice that another system issued. */
export const openInvoiceBody = z
  .strictObject({
    number: z
      .string()
      .trim()
      .max(64)
      .regex(/[A-Za-z0-9]/, 'needs a letter or a digit')
      .regex(/^\P{Cc}*$/u, 'must not contain control characters')
      .openapi({ description: 'As it stands on the document; told apart within its entity by this.' }),
    customer_ref: refField,
    entity_ref: refField.optional().openapi({ description: "By default the customer's." }),
    issue_date: billingDateField,
    due_date: billingDateField,
    currency: currencyField,
    amount: nonNegativeDecimalField.openapi({ description: 'The total of the invoice, with tax.' }),
    paid: nonNegativeDecimalField.default('0').openapi({ description: 'What had been paid of it before.' }),
    po_number: z.string().trim().min(1).max(64).optional(),
  })
  .openapi('OpenInvoice')
