import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { answerCsv, jsonOrCsv, wantsCsv } from '../http/csv.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { readStatement } from './account-statement.store.ts'
import { runningBalances } from './account-statement.ts'
import {
  accountsAnswer,
  accountsBody,
  accountsQuery,
  roleParam,
  showBalances,
  showChart,
  showLine,
  statementAnswer,
  statementColumns,
  statementQuery,
  statementRow,
} from './accounts.http.ts'
import { chartOfEntity, customerFieldsFor } from './accounts.store.ts'
import { accountIn } from './chart-of-accounts.ts'
import { dimensionNames, dimensionsOf } from './dimension.ts'
import { nameAccounts } from './name-accounts.job.ts'
import { readingOf } from './reading.http.ts'

const common = { tags: ['Ledger'] }

/** The chart of accounts, and what moved on each of them. */
export const accountRoutes = createRouter()

accountRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/ledger/accounts',
    summary: 'The chart of accounts with the numbers, names and dimensions of an entity',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { query: accountsQuery },
    responses: { 200: jsonAnswer('The chart of accounts', accountsAnswer), ...problemAnswers },
  }),
  async (c) => {
    const chart = await chartOfEntity(c.var.db, c.req.valid('query').entity_ref)
    return c.json(showChart(chart), 200)
  },
)

accountRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/ledger/accounts',
    summary: 'Give accounts the numbers, names and dimensions of an accounting system',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(accountsBody) },
    responses: { 200: jsonAnswer('The whole chart as it is now', accountsAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, accounts } = c.req.valid('json')
    const named = accounts.map(({ account: role, ...label }) => ({ role, ...label }))
    return c.json(showChart(await nameAccounts(c.var.db, c.var, entityRef, named)), 200)
  },
)

accountRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/ledger/accounts/{account}/entries',
    summary: 'What moved on an account, the earliest first, with the balance after each movement',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { params: roleParam, query: statementQuery },
    responses: {
      200: {
        description: 'The account statement; as `text/csv` its lines, the cursor in `x-next-cursor`',
        content: jsonOrCsv(statementAnswer),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { account } = c.req.valid('param')
    const { entity_ref: entityRef, currency, ...query } = c.req.valid('query')
    const reading = readingOf(currency)
    const statement = await readStatement(c.var.db, { ...query, ...reading, account, entityRef })
    const { lines, closing } = runningBalances(statement.opening, statement.lines)
    const chart = await chartOfEntity(c.var.db, entityRef)
    const { dimensions, ...label } = accountIn(chart, account)
    const fields = await customerFieldsFor(c.var.db, [chart], lines)
    const data = lines.map((line) => showLine(line, dimensionsOf(dimensions, { ...line, account }, fields)))
    if (wantsCsv(c)) {
      const columns = statementColumns(dimensionNames([{ dimensions }]))
      return answerCsv(c, columns, data.map(statementRow), statement.nextCursor)
    }
    const opening = showBalances(statement.opening)
    const next_cursor = statement.nextCursor
    return c.json({ account, ...label, opening, data, closing: showBalances(closing), next_cursor }, 200)
  },
)
