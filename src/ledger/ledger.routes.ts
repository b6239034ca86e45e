import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { answerCsv, jsonOrCsv, wantsCsv } from '../http/csv.http.ts'
import { pageOf } from '../http/fields.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { localDate } from '../kernel/calendar.ts'
import { chartOfEntity } from './accounts.store.ts'
import { labelOf } from './chart-of-accounts.ts'
import { listEntries } from './entry-list.store.ts'
import { waitingForRates } from './fx/pending.store.ts'
import {
  entriesQuery,
  entrySchema,
  showEntry,
  showWaiting,
  trialBalanceAnswer,
  trialBalanceQuery,
} from './ledger.http.ts'
import { trialBalance } from './ledger.store.ts'
import { readingOf } from './reading.http.ts'
import { trialBalanceOf } from './trial-balance.ts'

/** Where each day begins first: no entity can have posted anything under a later date than today's there. */
const EARLIEST_ZONE = 'Etc/GMT-14'

const BALANCE_COLUMNS = ['account', 'number', 'name', 'currency', 'debit', 'credit'] as const

const common = {
  method: 'get' as const,
  tags: ['Ledger'],
  middleware: [requireScope('read'), knownRefs],
}

export const ledgerRoutes = createRouter()

ledgerRoutes.openapi(
  createRoute({
    ...common,
    path: '/api/ledger/trial-balance',
    summary: 'The net of every account, in a debit and a credit column',
    request: { query: trialBalanceQuery },
    responses: {
      200: {
        description: 'The trial balance',
        content: jsonOrCsv(trialBalanceAnswer),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const query = c.req.valid('query')
    const asOf = query.as_of ?? localDate(c.var.now, EARLIEST_ZONE)
    const { entity_ref: entityRef, book } = query
    const { measure } = readingOf(query.currency)
    const { totals, balanced, ...shaped } = trialBalanceOf(
      await trialBalance(c.var.db, { asOf, entityRef, book, measure }),
    )
    const waiting = measure && showWaiting(await waitingForRates(c.var.db, { entityRef, to: asOf }))
    const chart = await chartOfEntity(c.var.db, query.entity_ref)
    const accounts = shaped.accounts.map((row) => ({ ...row, ...labelOf(chart, row.account) }))
    if (wantsCsv(c)) return answerCsv(c, BALANCE_COLUMNS, accounts)
    return c.json({ as_of: asOf, accounts, totals, balanced, ...(waiting && { waiting }) }, 200)
  },
)

const CSV_COLUMNS = [
  'entry_id',
  'posting_date',
  'entity_ref',
  'event',
  'source_id',
  'description',
  'currency',
  'account',
  'debit',
  'credit',
  'customer_ref',
  'contract_ref',
  'invoice_ref',
  'product_ref',
  'belongs_to',
  'reverses',
] as const

ledgerRoutes.openapi(
  createRoute({
    ...common,
    path: '/api/ledger/entries',
    summary: 'Journal entries with their postings, the latest posting date first',
    request: { query: entriesQuery },
    responses: {
      200: {
        description: 'Entries; as `text/csv` one row for each posting, the cursor in `x-next-cursor`',
        content: jsonOrCsv(pageOf(entrySchema)),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const {
      entity_ref,
      invoice,
      contract_ref,
      customer_ref,
      product_ref,
      belongs_before,
      source_id,
      entry_id,
      ...query
    } = c.req.valid('query')
    const { rows, nextCursor } = await listEntries(c.var.db, {
      ...query,
      ...readingOf(query.currency),
      entityRef: entity_ref,
      invoiceId: invoice,
      contractRef: contract_ref,
      customerRef: customer_ref,
      productRef: product_ref,
      belongsBefore: belongs_before,
      sourceId: source_id,
      entryId: entry_id,
    })
    const data = rows.map(showEntry)
    if (!wantsCsv(c)) return c.json({ data, next_cursor: nextCursor }, 200)
    const lines = data.flatMap(({ postings, ...entry }) =>
      postings.map((posting) => ({ ...entry, ...posting })),
    )
    return answerCsv(c, CSV_COLUMNS, lines, nextCursor)
  },
)
