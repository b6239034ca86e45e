import { z } from '@hono/zod-openapi'
import { invalidRequest } from '../http/router.http.ts'
import { invalid, Problem } from '../kernel/problem.ts'
import { readCsvRows } from './csv-rows.ts'
import type { ImportRows } from './import.job.ts'
import { type ImportRow, KINDS, OUTCOMES, type RowReport, totalsOf } from './import-report.ts'

/** Most rows of one call, of all kinds together. */
const ROWS_MAX = 10_000

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true')

export const importQuery = z.object({
  kind: z.enum(KINDS).optional().openapi({ description: 'What the rows of a CSV file are.' }),
  dry_run: flag.openapi({ description: 'Takes every step but the last: nothing is kept.' }),
  update: flag.openapi({
    description:
      'Edits entities, products and customers that are there with other content, instead of refusing the row.',
  }),
})

/** The body as the document shows it. It is not checked as a whole: each row is, by itself. */
export const IMPORT_BODY = {
  type: 'object' as const,
  properties: {
    entities: listOf('NewEntity'),
    products: listOf('NewProduct'),
    customers: listOf('NewCustomer'),
    contracts: listOf('NewContract'),
    open_invoices: listOf('OpenInvoice'),
  },
}

function listOf(schema: string) {
  return { type: 'array' as const, items: { $ref: `#/components/schemas/${schema}` } }
}

const count = z.int().min(0)

export const importAnswer = z
  .object({
    dry_run: z.boolean(),
    totals: z.object({ created: count, unchanged: count, updated: count, refused: count }),
    rows: z.array(
      z.object({
        kind: z.enum(KINDS),
        row: z.int().openapi({ description: 'From 1 within its kind; the header of a file is no row.' }),
        ref: z.string().nullable(),
        outcome: z.enum(OUTCOMES),
        errors: z.array(z.object({ path: z.string(), message: z.string() })),
      }),
    ),
  })
  .openapi('ImportReport')

export const showImport = (reports: RowReport[], isDryRun: boolean): z.infer<typeof importAnswer> => ({
  dry_run: isDryRun,
  totals: totalsOf(reports),
  rows: reports,
})

/** Lists of rows whose content may be anything: a row that is no object is one fault in the report, not the call's. */
const anyRows = z.strictObject(
  Object.fromEntries(KINDS.map((kind) => [kind, z.array(z.unknown()).optional()])),
)

/** The rows of a body. Throws `unsupported_media_type`, `malformed_body`, `kind_missing`, `too_many_rows`. */
export function readImport(
  text: string,
  contentType: string,
  kind: z.infer<typeof importQuery>['kind'],
): ImportRows {
  const rows = rowsOf(text, contentType.split(';')[0]!.trim().toLowerCase(), kind)
  const total = Object.values(rows).reduce((sum, list) => sum + list.length, 0)
  if (total <= ROWS_MAX) return rows
  throw invalid('too_many_rows', `A call takes ${ROWS_MAX} rows; split the file.`)
}

function rowsOf(text: string, type: string, kind: z.infer<typeof importQuery>['kind']): ImportRows {
  if (type === 'application/json') return jsonRows(text)
  if (type !== 'text/csv') {
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json or text/csv.')
  }
  if (kind) return { [kind]: readCsvRows(text, ROWS_MAX) }
  throw invalid('kind_missing', 'Say with "kind" what the rows of the file are.', [
    { path: 'kind', message: `is one of ${KINDS.join(', ')}` },
  ])
}

function jsonRows(text: string): ImportRows {
  const read = anyRows.safeParse(parsed(text))
  if (!read.success) throw invalidRequest(read.error)
  const rows = Object.entries(read.data).map(([kind, list = []]) => [kind, list.map(jsonRow)])
  return Object.fromEntries(rows)
}

const jsonRow = (content: unknown, place: number): ImportRow => ({
  row: place + 1,
  content,
  isText: false,
  faults: [],
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'malformed_body', 'The body is no JSON.')
  }
}
