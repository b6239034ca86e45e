import { createRoute, type z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonOrCsv } from '../http/csv.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'

/** What all reports have in common: they read, and answer JSON or CSV. */
export const report = <Path extends string, Query extends z.ZodObject, Answer extends z.ZodType>(
  tag: 'Reports' | 'Revenue',
  path: Path,
  summary: string,
  query: Query,
  answer: Answer,
) =>
  createRoute({
    method: 'get',
    tags: [tag],
    middleware: [requireScope('read'), knownRefs] as const,
    path,
    summary,
    request: { query },
    responses: {
      200: { description: 'The report; as `text/csv` its rows', content: jsonOrCsv(answer) },
      ...problemAnswers,
    },
  })
