import { z } from '@hono/zod-openapi'
import { nameField } from '../../http/fields.http.ts'
import { taxPercentField } from '../../http/percent.http.ts'
import { decimal, isZero } from '../../kernel/rational.ts'
import { type ContractTax, plainTax, TAX_REASONS, TAX_ROUNDINGS, type TaxTerms } from './tax-terms.ts'

const TAXES_MAX = 20

const taxFields = {
  name: nameField.default('Tax').openapi({ description: 'Printed on the invoice.', example: 'VAT' }),
  rate_percent: taxPercentField,
  inclusive: z.boolean().default(false).openapi({ description: 'The prices contain it.' }),
  reason: z.enum(TAX_REASONS).nullish().openapi({ description: 'Why the rate is 0.' }),
  note: z.string().trim().min(1).max(500).nullish().openapi({
    description: 'Printed on the invoice: what the law wants said of a reverse charge or an exemption.',
  }),
  tax_codes: z.array(z.string().min(1).max(64)).min(1).max(100).nullish().openapi({
    description: 'On products of these tax codes only. By default on all.',
  }),
}

const taxSchema = z
  .strictObject(taxFields)
  .refine(({ rate_percent, reason }) => !reason || isZero(decimal(rate_percent)), {
    path: ['reason'],
    message: 'is given for a rate of 0 only',
  })
  .transform(
    (sent): ContractTax => ({
      name: sent.name,
      percent: sent.rate_percent,
      inclusive: sent.inclusive,
      reason: sent.reason ?? null,
      note: sent.note ?? null,
      ...(sent.tax_codes && { tax_codes: sent.tax_codes }),
    }),
  )

const taxList = z.array(taxSchema).max(TAXES_MAX)

/** One percentage on top of the prices, or taxes one by one. */
export const taxField = z
  .union([taxPercentField, taxList])
  .optional()
  .openapi({ description: 'Percent on top of the prices; or a list of taxes, each on the net amount.' })

/** The taxes of a product in place of those of the contract. */
export const productTaxField = z
  .union([taxPercentField.transform((percent) => [plainTax(percent)]), taxList])
  .optional()
  .openapi({ description: "In place of the contract's taxes; an empty list: it is not taxed." })

export const taxRoundingField = z.enum(TAX_ROUNDINGS).optional().openapi({
  description: 'Once for each rate (the default), once for the invoice, or on every line.',
})

const taxOut = z.object({
  name: z.string(),
  rate_percent: z.string(),
  inclusive: z.boolean(),
  reason: z.enum(TAX_REASONS).nullable(),
  note: z.string().nullable(),
  tax_codes: z.array(z.string()).nullable(),
})

export const contractTaxOut = z.union([z.string(), z.array(taxOut)])

export const productTaxOut = z.array(taxOut).optional()

export const showTaxes = (taxes: readonly ContractTax[]): z.infer<typeof taxOut>[] =>
  taxes.map(({ percent, tax_codes, ...tax }) => ({
    ...tax,
    rate_percent: percent,
    tax_codes: tax_codes ?? null,
  }))

/** As it was sent: the short form, or the list. */
export const showContractTax = ({ taxes, tax_percent }: TaxTerms): z.infer<typeof contractTaxOut> =>
  taxes ? showTaxes(taxes) : tax_percent
