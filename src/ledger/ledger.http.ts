import { z } from '@hono/zod-openapi'
import { dateField, instantOut, moneyOut, pageQuery, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { ACCOUNT_ROLES } from './account.ts'
import { TIMINGS } from './entry-filter.ts'
import type { Waiting } from './fx/pending.store.ts'
import type { PostedEntry } from './lines.store.ts'
import { bookField, currencyOrFunctional, functionalField } from './reading.http.ts'
import { sidesOf } from './trial-balance.ts'

const accountField = z.enum(ACCOUNT_ROLES)
const label = { number: z.string().nullable(), name: z.string() }
const sides = { debit: moneyOut, credit: moneyOut }

export const trialBalanceQuery = z.object({
  as_of: dateField
    .optional()
    .openapi({ description: 'Last posting date that counts; by default everything posted until today' }),
  entity_ref: refField.optional(),
  currency: functionalField,
  book: bookField,
})

const waiting = z.array(
  z.object({ entity_ref: z.string(), currency: z.string(), entries: z.int(), first_day: z.string() }),
)

export const showWaiting = (rows: readonly Waiting[]): z.infer<typeof waiting> =>
  rows.map(({ entityRef, currency, entries, firstDay }) => ({
    entity_ref: entityRef,
    currency,
    entries,
    first_day: firstDay,
  }))

export const trialBalanceAnswer = z
  .object({
    as_of: z.string(),
    accounts: z.array(z.object({ account: accountField, ...label, currency: z.string(), ...sides })),
    totals: z.array(z.object({ currency: z.string(), ...sides })),
    balanced: z.boolean(),
    waiting: waiting.optional().openapi({
      description:
        'Of the functional currency: entries that are left out, since a rate of their day is not known',
    }),
  })
  .openapi('TrialBalance')

export const entriesQuery = pageQuery.extend({
  entity_ref: refField.optional(),
  account: accountField.optional(),
  from: dateField.optional().openapi({ description: 'First posting date' }),
  to: dateField.optional().openapi({ description: 'Last posting date, included' }),
  invoice: refField.optional().openapi({ description: 'Id or number of an invoice' }),
  contract_ref: refField.optional(),
  customer_ref: refField.optional(),
  product_ref: refField.optional(),
  currency: currencyOrFunctional,
  book: bookField,
  event: refField.optional().openapi({ description: 'The business event', example: 'invoice_issued' }),
  entry_id: refField.optional().openapi({
    description: 'This entry, and the one that takes it back',
  }),
  source_id: refField.optional().openapi({
    description: 'What the event happened to, such as a payment; with `event` it names one entry',
  }),
  country: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: 'Of the customer; `none` for customers without one' }),
  timing: z.enum(TIMINGS).optional().openapi({ description: "When the product's revenue is earned" }),
  belongs_before: dateField.optional().openapi({
    description: 'Only what belongs to a day before this one and stands in a later month',
  }),
})

const posting = z.object({
  account: accountField,
  ...sides,
  customer_ref: z.string().nullable(),
  contract_ref: z.string().nullable(),
  invoice_ref: z.string().nullable(),
  product_ref: z.string().nullable(),
})

export const entrySchema = z
  .object({
    entry_id: z.string(),
    entity_ref: z.string(),
    posting_date: z.string(),
    belongs_to: z.string().nullable().openapi({
      description: 'The day of the event, where its month was closed and the entry stands in a later one',
    }),
    event: z.string(),
    source_id: z.string(),
    description: z.string(),
    currency: z.string(),
    recorded_at: instantOut,
    posted_by: z.string().nullable().openapi({ description: 'Who posted it by hand; null for a job' }),
    reverses: z.string().nullable().openapi({ description: 'The entry that it takes back' }),
    postings: z.array(posting),
  })
  .openapi('JournalEntry')

export const showEntry = (entry: PostedEntry): z.infer<typeof entrySchema> => ({
  entry_id: entry.id,
  entity_ref: entry.entityRef,
  posting_date: entry.postingDate,
  belongs_to: entry.belongsTo,
  event: entry.event,
  source_id: entry.sourceId,
  description: entry.description,
  currency: entry.currency,
  recorded_at: toIso(entry.recordedAt),
  posted_by: entry.postedBy,
  reverses: entry.reverses,
  postings: entry.postings.map((posting) => ({
    account: posting.account,
    ...sidesOf(posting.amount, entry.currency),
    customer_ref: posting.customerRef,
    contract_ref: posting.contractRef,
    invoice_ref: posting.invoiceId,
    product_ref: posting.productRef,
  })),
})
