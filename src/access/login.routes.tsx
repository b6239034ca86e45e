import { realTime } from '../clock/clock.store.ts'
import { dispatchOutbox } from '../delivery/outbox.job.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { createRouter } from '../http/router.http.ts'
import { randomId } from '../kernel/id.ts'
import { commit } from '../storage/db.store.ts'
import { ConfirmLoginPage, LoginPage } from '../web/login.page.tsx'
import { clearSessionCookie, csrfGuard, sessionToken, setSessionCookie } from './session.http.ts'
import { closeSession, findOperator, openSession } from './session.store.ts'

/** Signing in to the console with a one-time link by e-mail, where Cloudflare Access is not set up. */
export const loginRoutes = createRouter()

loginRoutes.get('/login', (c) => c.html(<LoginPage />))

/** The answer is the same whether the address may sign in or not, so that nobody can find out who may. */
loginRoutes.post('/login', csrfGuard, async (c) => {
  const form = await c.req.parseBody()
  const email = String(form.email ?? '')
    .trim()
    .toLowerCase()
  const operator = await findOperator(c.var.db, email, c.env.ADMIN_EMAILS ?? '', c.var.now)
  if (operator) {
    const row = { id: randomId('out'), topic: 'login_mail' as const, payload: { email }, dueAt: c.var.now }
    await commit(c.var.db, enqueue(c.var.db, [row], c.var.now))
    c.executionCtx.waitUntil(dispatchOutbox(c.env, c.var.now))
  }
  return c.html(<LoginPage sent />)
})

/** A page with a button: programs that open the links of a mail must not use the link up. */
loginRoutes.get('/login/:token', (c) => c.html(<ConfirmLoginPage token={c.req.param('token')} />))

loginRoutes.post('/login/:token', csrfGuard, async (c) => {
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
  return c.redirect('/login', 303)
})
