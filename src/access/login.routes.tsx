import { realTime } from '../clock/clock.store.ts'
import { dispatchOutbox } from '../delivery/outbox.job.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import type { Env } from '../env.ts'
import { limitGuesses } from '../http/rate-limit.http.ts'
import { createRouter } from '../http/router.http.ts'
import { randomId } from '../kernel/id.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { ConfirmLoginPage, LoginPage } from '../web/login.page.tsx'
import { answerProblemPage } from '../web/problem.page.tsx'
import {
  accessOf,
  clearSessionCookie,
  csrfGuard,
  sessionToken,
  setSessionCookie,
  withoutAccess,
} from './session.http.ts'
import { closeSession, findOperator, openSession } from './session.store.ts'

/** Signing in to the console with a one-time link by e-mail, where Cloudflare Access is not set up. */
export const loginRoutes = createRouter()

loginRoutes.onError(answerProblemPage)

for (const path of ['/login', '/login/*']) loginRoutes.use(path, withoutAccess)

loginRoutes.get('/login', (c) => c.html(<LoginPage />))

/**
 * The answer is the same whether the address may sign in or not, and so is the time it takes: what tells the two apart
 * happens after it.
 */
loginRoutes.post('/login', limitGuesses('sign-in'), csrfGuard, async (c) => {
  const { email } = await c.req.parseBody()
  if (typeof email === 'string')
    c.executionCtx.waitUntil(askForLink(c.env, c.var, email.trim().toLowerCase()))
  return c.html(<LoginPage sent />)
})

/** A page with a button: programs that open the links of a mail must not use the link up. */
loginRoutes.get('/login/:token', (c) => c.html(<ConfirmLoginPage token={c.req.param('token')} />))

loginRoutes.post('/login/:token', limitGuesses('sign-in'), csrfGuard, async (c) => {
  const session = await openSession(c.var.db, c.req.param('token'), realTime())
  if (!session)
    return c.html(<LoginPage error="This link was used already, or is older than 15 minutes." />, 410)
  setSessionCookie(c, session)
  return c.redirect('/console', 303)
})

loginRoutes.post('/logout', csrfGuard, async (c) => {
  const token = sessionToken(c)
  if (token) await closeSession(c.var.db, token)
  clearSessionCookie(c)
  return c.redirect(accessOf(c.env) ? '/cdn-cgi/access/logout' : '/login', 303)
})

async function askForLink(env: Env, { db, now }: { db: Db; now: number }, email: string): Promise<void> {
  if (!(await findOperator(db, email, env.ADMIN_EMAILS ?? '', now))) return
  const row = { id: randomId('out'), topic: 'login_mail' as const, payload: { email }, dueAt: now }
  await commit(db, enqueue(db, [row], now))
  await dispatchOutbox(env, now)
}
