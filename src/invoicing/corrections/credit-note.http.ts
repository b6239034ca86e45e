import { z } from '@hono/zod-openapi'
import {
  currencyField,
  dateField,
  decimalField,
  instantOut,
  moneyOut,
  refField,
} from '../../http/fields.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { formatMoney, parseMoney } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import type { FoundCreditNote } from './credit-note.store.ts'
import { CREDIT_NOTE_CAUSES } from './credit-note-cause.ts'
import type { CreditNote } from './credit-note-document.ts'
import type { LineCredit } from './credit-note-lines.ts'

const LINES_MAX = 1_000

export const creditNoteBody = z
  .object({
    reason: z.string().trim().min(1).max(500),
    cause: z.enum(CREDIT_NOTE_CAUSES).default('concession').openapi({
      description:
        'What it means for a fee whose revenue follows the plan of its contract. `concession`, `service_level`, `return`: its price falls. `billing_error`, `cancellation`: it stays as agreed.',
    }),
    external_id: refField.optional().openapi({
      description: 'Your own id of this credit note; sent again it is the same one.',
    }),
    lines: z
      .array(
        z.object({
          line_ref: refField,
          amount: decimalField.optional().openapi({
            description:
              'Net of tax. Without it all that is left of the line. Of a line that credit before tax has paid whole, what goes back to that credit.',
          }),
          service_start: dateField.optional(),
          service_end: dateField.optional().openapi({ description: 'Exclusive.' }),
        }),
      )
      .min(1)
      .max(LINES_MAX)
      .optional()
      .openapi({ description: 'Without lines all that is left of the invoice is credited.' }),
  })
  .openapi('NewCreditNote')

export const creditNoteSummarySchema = z
  .object({
    credit_note_ref: z.string(),
    document_number: z.string(),
    invoice_ref: z.string(),
    customer_ref: z.string(),
    contract_ref: z.string(),
    entity_ref: z.string(),
    issue_date: dateField,
    cause: z.enum(CREDIT_NOTE_CAUSES),
    reason: z.string(),
    currency: currencyField,
    sub_total: moneyOut,
    total_tax: moneyOut,
    total: moneyOut,
    customer_credit: moneyOut.openapi({
      description: "The part that was paid already: it is the customer's credit now.",
    }),
    created_at: instantOut,
  })
  .openapi('CreditNoteSummary')

export const creditNoteSchema = creditNoteSummarySchema
  .extend({
    taxes: z.array(z.object({ name: z.string(), percent: z.string(), taxable: moneyOut, tax: moneyOut })),
    lines: z.array(
      z.object({
        line_ref: z.string().openapi({ description: 'The line of the invoice.' }),
        product_ref: z.string(),
        description: z.string(),
        service_start: dateField,
        service_end: dateField,
        amount: moneyOut,
        tax: moneyOut,
      }),
    ),
  })
  .openapi('CreditNote')

type WantedLines = z.infer<typeof creditNoteBody>['lines']

/** Throws `amount_too_fine` for an amount that has more digits than the currency. */
export const readLines = (lines: WantedLines, currency: string): LineCredit[] | undefined =>
  lines?.map(({ line_ref, amount, service_start, service_end }, place) => ({
    lineId: line_ref,
    amount: amount === undefined ? undefined : exactAmount(amount, currency, `lines.${place}.amount`),
    serviceStart: service_start,
    serviceEnd: service_end,
  }))

/** An amount in minor units, as a person writes it. */
export function exactAmount(amount: string, currency: string, path: string): bigint {
  const minor = parseMoney(amount, currency)
  if (minor !== undefined && Number.isSafeInteger(Number(minor))) return minor
  const message = `must be an amount of ${currency} with no more digits than ${currency} has`
  throw invalid('amount_too_fine', `The amount ${amount} ${message}.`, [{ path, message }])
}

export const showCreditNoteSummary = (note: CreditNote): z.infer<typeof creditNoteSummarySchema> => ({
  credit_note_ref: note.id,
  document_number: note.number,
  invoice_ref: note.invoiceId,
  customer_ref: note.customerRef,
  contract_ref: note.contractRef,
  entity_ref: note.entityRef,
  issue_date: note.issueDate,
  cause: note.cause,
  reason: note.reason,
  currency: note.currency,
  sub_total: formatMoney(note.subTotal, note.currency),
  total_tax: formatMoney(note.totalTax, note.currency),
  total: formatMoney(note.total, note.currency),
  customer_credit: formatMoney(note.released, note.currency),
  created_at: toIso(note.issuedAt),
})

export const showCreditNote = ({ creditNote, lines }: FoundCreditNote): z.infer<typeof creditNoteSchema> => ({
  ...showCreditNoteSummary(creditNote),
  taxes: creditNote.taxes.map(({ name, percent, taxable, tax }) => ({ name, percent, taxable, tax })),
  lines: lines.map((line) => ({
    line_ref: line.lineId,
    product_ref: line.productRef,
    description: line.description,
    service_start: line.serviceStart,
    service_end: line.serviceEnd,
    amount: formatMoney(line.amount, creditNote.currency),
    tax: formatMoney(line.tax, creditNote.currency),
  })),
})
