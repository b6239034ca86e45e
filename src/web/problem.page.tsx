import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { asProblem, logFault } from '../http/problem.http.ts'
import type { AppEnv } from '../http/router.http.ts'
import type { Problem } from '../kernel/problem.ts'
import { CardPage } from './layout.tsx'

/** Answers an error with a page, for routes that people look at. */
export function answerProblemPage(error: unknown, c: Context<AppEnv>) {
  const problem = asProblem(error)
  if (problem.status >= 500) logFault(error, c, c.var.requestId)
  const title = problem.status === 404 ? 'Not found' : 'This did not work'
  const back = cameFrom(c)
  return c.html(
    <CardPage title={title}>
      <WhatIsWrong problem={problem} />
      {back && <a href={back}>← Back</a>}
      <p class="hint">
        Request <code>{c.var.requestId}</code>
      </p>
    </CardPage>,
    problem.status as ContentfulStatusCode,
    { ...problem.headers },
  )
}

const WhatIsWrong: FC<{ problem: Problem }> = ({ problem: { code, message, faults } }) => (
  <>
    <p>{code === 'invalid_request' && faults.length > 0 ? 'The form is not right:' : message}</p>
    {faults.length > 0 && (
      <ul>
        {faults.map((fault) => (
          <li>{[inWords(fault.path), fault.message].filter(Boolean).join(': ')}</li>
        ))}
      </ul>
    )}
  </>
)

/** `accounts.3.number` as people read it: `accounts 3 number`. */
const inWords = (path: string): string => path.replaceAll(/[._]/g, ' ')

/** The page of ours that the form or the link stood on. */
function cameFrom(c: Context<AppEnv>): string | undefined {
  const referer = URL.parse(c.req.header('referer') ?? '')
  const here = new URL(c.req.url)
  if (!referer || referer.host !== here.host) return undefined
  return c.req.method === 'GET' && referer.href === here.href ? undefined : referer.href
}
