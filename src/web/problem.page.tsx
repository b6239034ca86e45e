import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { asProblem, logFault } from '../http/problem.http.ts'
import type { AppEnv } from '../http/router.http.ts'
import { CardPage } from './layout.tsx'

/** Answers an error with a page, for routes that people look at. */
export function answerProblemPage(error: unknown, c: Context<AppEnv>) {
  const problem = asProblem(error)
  if (problem.status >= 500) logFault(error, c, c.var.requestId)
  const title = problem.status === 404 ? 'Not found' : 'This did not work'
  return c.html(
    <CardPage title={title}>
      <p>{problem.message}</p>
      <p class="hint">
        Request <code>{c.var.requestId}</code>
      </p>
    </CardPage>,
    problem.status as ContentfulStatusCode,
    { ...problem.headers },
  )
}
