import { z } from '@hono/zod-openapi'
import { TAX_REASONS, TAX_ROUNDINGS } from '../../contracts/terms/tax-terms.ts'
import {
  currencyField,
  decimalField,
  moneyOut,
  nonNegativeDecimalField,
  refField,
} from '../../http/fields.http.ts'
import type { Parts } from '../../http/partly.http.ts'
import { percentField, taxPercentField } from '../../http/percent.http.ts'
import { judgedInFull } from '../../http/router.http.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { invalidForm } from '../../kernel/problem.ts'
import type { Assembled } from './assembly.ts'
import { faultsOfAssembly, keyOf } from './assembly-input.ts'

const LINES_MAX = 2_000
const TAXES_MAX = 20
const DISCOUNTS_MAX = 50

const lineSchema = z.strictObject({
  key: refField.optional().openapi({ description: 'By default its place: "1", "2" …' }),
  amount: decimalField.openapi({
    description: 'Exact, in major units; rounded once. Below zero: a correction.',
  }),
  tax: z
    .union([refField, z.array(refField).max(TAXES_MAX)])
    .optional()
    .openapi({ description: 'Keys of `taxes`. May be left out where there is just one; `[]` is no tax.' }),
})

const taxSchema = z
  .strictObject({
    rate_percent: taxPercentField,
    inclusive: z.boolean().default(false).openapi({ description: 'The prices include it.' }),
    reason: z.enum(TAX_REASONS).optional().openapi({ description: 'Why the rate is 0.' }),
  })
  .refine(({ rate_percent, reason }) => reason === undefined || Number(rate_percent) === 0, {
    path: ['reason'],
    message: 'is given for a rate of 0 only',
  })

const discountSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('percent'),
    value: percentField(100n),
    lines: z.array(refField).min(1).max(LINES_MAX).optional(),
  }),
  z.strictObject({
    type: z.literal('fixed'),
    value: nonNegativeDecimalField,
    lines: z.array(refField).min(1).max(LINES_MAX).optional(),
  }),
])

const assemblyFields = z.strictObject({
  currency: currencyField,
  lines: z.array(lineSchema).min(1).max(LINES_MAX),
  taxes: z
    .record(refField, taxSchema)
    .refine((taxes) => Object.keys(taxes).length <= TAXES_MAX, `must be at most ${TAXES_MAX}`)
    .default({}),
  tax_rounding: z.enum(TAX_ROUNDINGS).default('per_rate'),
  rounding: z.enum(['half_up', 'half_even']).default('half_up'),
  discounts: z.array(discountSchema).max(DISCOUNTS_MAX).default([]).openapi({
    description: 'Those with `lines` first, then those of the invoice; percents before fixed amounts.',
  }),
  credits: z
    .array(z.strictObject({ amount: nonNegativeDecimalField, before_tax: z.boolean().default(false) }))
    .max(DISCOUNTS_MAX)
    .default([]),
})

const ANY_LINE = { amount: '0' }
const ANY_INVOICE = { currency: 'USD', lines: [ANY_LINE] }

/** The parts that an invoice is read by. */
const assemblyParts: Parts = {
  open: ['lines.*'],
  standIns: {
    '': ANY_INVOICE,
    ...ANY_INVOICE,
    'lines.*': ANY_LINE,
    'lines.*.amount': '0',
    'discounts.*': { type: 'percent', value: '0' },
    'credits.*': { amount: '0' },
  },
}

/** Tells what does not fit together in as much of an invoice as has its form, with the faults of form. */
export const assemblyJudged = judgedInFull(assemblyFields, assemblyParts, async (_, sent) => {
  throw invalidForm([...sent.faults, ...faultsOfAssembly(sent.value, sent.isRead)])
})

export const assemblyBody = assemblyFields.superRefine((body, context) => {
  for (const { path, message } of faultsOfAssembly(body)) {
    context.addIssue({ code: 'custom', path: path.split('.'), message })
  }
})

export const assemblyAnswer = z.object({
  currency: currencyField,
  sub_total: moneyOut.openapi({ description: 'The lines as priced.' }),
  total_discount: moneyOut.openapi({ description: 'Discounts, and credits before tax.' }),
  taxable: moneyOut.openapi({ description: 'total - total_tax' }),
  total_tax: moneyOut,
  total: moneyOut,
  credits_amount: moneyOut.openapi({ description: 'Credits after tax.' }),
  amount_due: moneyOut.openapi({ description: 'total - credits_amount' }),
  line_discounts: z.record(z.string(), moneyOut),
  line_taxes: z.record(z.string(), moneyOut),
  taxes: z.record(
    z.string(),
    z.object({
      rate_percent: z.string(),
      taxable: moneyOut,
      tax: moneyOut,
      reason: z.enum(TAX_REASONS).nullable(),
    }),
  ),
  credits_used: z.array(moneyOut).openapi({ description: 'Of each credit, in the order given.' }),
})

export function showAssembled(
  { currency, lines, taxes }: z.infer<typeof assemblyBody>,
  assembled: Assembled,
): z.infer<typeof assemblyAnswer> {
  const money = (amount: Minor) => formatMoney(amount, currency)
  const byLine = (amounts: readonly Minor[]) =>
    Object.fromEntries(amounts.map((amount, place) => [keyOf(lines[place]!, place), money(amount)]))
  return {
    currency,
    sub_total: money(assembled.subTotal),
    total_discount: money(assembled.totalDiscount),
    taxable: money(assembled.taxable),
    total_tax: money(assembled.totalTax),
    total: money(assembled.total),
    credits_amount: money(assembled.creditsAmount),
    amount_due: money(assembled.amountDue),
    line_discounts: byLine(assembled.lineDiscounts),
    line_taxes: byLine(assembled.lineTaxes),
    taxes: Object.fromEntries(
      assembled.taxes.map(({ key, taxable, tax }) => [
        key,
        {
          rate_percent: taxes[key]!.rate_percent,
          taxable: money(taxable),
          tax: money(tax),
          reason: taxes[key]!.reason ?? null,
        },
      ]),
    ),
    credits_used: assembled.creditsUsed.map(money),
  }
}
