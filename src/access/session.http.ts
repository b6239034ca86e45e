import { cloudflareAccess } from '@hono/cloudflare-access'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { realTime } from '../clock/clock.store.ts'
import type { AppEnv } from '../http/router.http.ts'
import { Problem } from '../kernel/problem.ts'
import { allows, type Principal, type Scope, scopesOfRole } from './principal.ts'
import { findOperator, type Operator, operatorOfSession } from './session.store.ts'

/** Refuses a form that was sent from a page of another origin. */
export const csrfGuard: MiddlewareHandler<AppEnv> = csrf()

/**
 * Lets in an operator whose role grants the scope: by Cloudflare Access where that is set up, else by the session
 * cookie. Nobody signed in is sent to /login.
 */
export const requireOperator = (scope: Scope): MiddlewareHandler<AppEnv> =>
  createMiddleware<AppEnv>(async (c, next) => {
    const operator = await signedIn(c)
    if (!operator) return c.redirect('/login', 303)
    const principal = principalOfOperator(operator)
    if (!allows(principal, scope)) {
      throw new Problem(
        403,
        'role_missing',
        `Your role "${operator.role}" does not allow this; ask an admin.`,
      )
    }
    c.set('principal', principal)
    return next()
  })

const principalOfOperator = (operator: Operator): Principal => ({
  id: operator.email,
  label: operator.email,
  scopes: scopesOfRole[operator.role],
})

async function signedIn(c: Context<AppEnv>): Promise<Operator | undefined> {
  const { ACCESS_TEAM_DOMAIN: team, ACCESS_AUD: audience } = c.env
  if (team && audience) {
    const email = await accessEmail(c, team, audience)
    return email ? findOperator(c.var.db, email, c.env.ADMIN_EMAILS ?? '', c.var.now) : undefined
  }
  const token = getCookie(c, cookieName(c))
  return token ? operatorOfSession(c.var.db, token, realTime()) : undefined
}

/** The e-mail address in the token of Cloudflare Access, whose signature, issuer and audience are checked. */
async function accessEmail(c: Context<AppEnv>, team: string, audience: string): Promise<string | undefined> {
  const refusal = await cloudflareAccess(team.replace(/\.cloudflareaccess\.com$/, ''), audience)(
    c,
    async () => {},
  )
  if (refusal) return undefined
  return c.get('accessPayload')?.email?.toLowerCase()
}

export const setSessionCookie = (c: Context<AppEnv>, token: string): void =>
  setCookie(c, cookieName(c), token, { path: '/', httpOnly: true, sameSite: 'Lax', secure: overTls(c) })

export const clearSessionCookie = (c: Context<AppEnv>): string | undefined =>
  deleteCookie(c, cookieName(c), { path: '/', secure: overTls(c) })

export const sessionToken = (c: Context<AppEnv>): string | undefined => getCookie(c, cookieName(c))

const overTls = (c: Context<AppEnv>): boolean => new URL(c.req.url).protocol === 'https:'

/** The `__Host-` prefix pins the cookie to this host over TLS; plain http (the sandbox) cannot have it. */
const cookieName = (c: Context<AppEnv>): string => (overTls(c) ? '__Host-accrue' : 'accrue_session')
