import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { answerCsv } from '../http/csv.http.ts'
import { refField } from '../http/fields.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { placeAfter } from '../kernel/page.ts'
import { chartsOf, customerFieldsFor, customerNamesFor } from './accounts.store.ts'
import { EXPORT_FORMATS, fileOf } from './export-form.ts'
import { journalFile } from './journal-export.ts'
import { entriesInOrder } from './ledger.store.ts'
import { bookField, currencyOrFunctional, readingOf } from './reading.http.ts'

const cursorField = z.string().max(200).optional()

const exportQuery = z.object({
  format: z.enum(EXPORT_FORMATS).default('generic'),
  entity_ref: refField.optional(),
  currency: currencyOrFunctional,
  book: bookField,
  after: cursorField.openapi({
    description: 'What the file before this one answered in `x-next-cursor`; without it from the first entry',
  }),
  through: cursorField.openapi({
    description: 'The last entry of the file: with it, the same call answers the same entries at any time',
  }),
  limit: z.coerce.number().int().min(1).max(1000).default(100).openapi({
    description:
      'Most entries of a file. A file ends earlier where it would have more lines than the system takes: 300 for Xero, 1,000 for QuickBooks.',
  }),
  tax_rate: z.string().trim().min(1).max(100).default('Tax Exempt').openapi({
    description:
      'For Xero: the name that its tax settings give the rate of lines without tax, such as `No VAT` or `BAS Excluded`.',
  }),
})

/** The journal, file by file, for an accounting system. */
export const exportRoutes = createRouter()

exportRoutes.openapi(
  createRoute({
    method: 'get',
    path: '/api/ledger/export',
    tags: ['Ledger'],
    summary: 'Journal lines in the order they were posted, as a file that an accounting system imports',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { query: exportQuery },
    responses: {
      200: {
        description:
          'A CSV file; `x-next-cursor` names its last entry. A file without lines: there is nothing more so far.',
        content: { 'text/csv': { schema: z.string() } },
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { format, entity_ref: entityRef, currency, book, limit, tax_rate, ...query } = c.req.valid('query')
    const after = placeAfter(query.after) ?? 0
    const through = placeAfter(query.through)
    const asked = { ...readingOf(currency), entityRef, book, after, through, limit }
    const entries = fileOf(format, await entriesInOrder(c.var.db, asked))
    const charts = await chartsOf(c.var.db, entityRef)
    const postings = entries.flatMap((entry) => entry.postings)
    const customerFields = await customerFieldsFor(c.var.db, [...charts.values()], postings)
    const customerNames = await customerNamesFor(c.var.db, postings)
    const books = { charts, customerFields, customerNames, taxRate: tax_rate }
    const { columns, rows } = journalFile(format, entries, books)
    return answerCsv(c, columns, rows, String(entries.at(-1)?.number ?? after))
  },
)
