import { cloudflareAccess } from '@hono/cloudflare-access'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { realTime } from '../clock/clock.store.ts'
import type { Env } from '../env.ts'
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
    const access = accessOf(c.env)
    const operator = access ? await operatorOfAccess(c, access) : await operatorOfCookie(c)
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

/** Closes the sign-in by mail where Cloudflare Access is in charge, so that it is no way around it. */
export const withoutAccess: MiddlewareHandler<AppEnv> = createMiddleware<AppEnv>(async (c, next) => {
  if (accessOf(c.env)) throw new Problem(404, 'page_not_found', 'Cloudflare Access signs people in here.')
  await next()
})

type Access = { team: string; audience: string }

/**
 * Which Cloudflare Access guards the console, if any. Half of the settings is a mistake that must not open another way
 * in: throws 503 `access_not_set_up`.
 */
export function accessOf({ ACCESS_TEAM_DOMAIN: team, ACCESS_AUD: audience }: Env): Access | undefined {
  if (team && audience) return { team, audience }
  if (!team && !audience) return undefined
  throw new Problem(503, 'access_not_set_up', 'Set both ACCESS_TEAM_DOMAIN and ACCESS_AUD, or neither.')
}

const principalOfOperator = (operator: Operator): Principal => ({
  id: operator.email,
  label: operator.email,
  scopes: scopesOfRole[operator.role],
})

async function operatorOfCookie(c: Context<AppEnv>): Promise<Operator | undefined> {
  const token = sessionToken(c)
  return token ? operatorOfSession(c.var.db, token, realTime()) : undefined
}

/** Throws 403 `not_an_operator`: signing in again would change nothing. */
async function operatorOfAccess(c: Context<AppEnv>, access: Access): Promise<Operator> {
  const email = await accessEmail(c, access)
  const operator = email && (await findOperator(c.var.db, email, c.env.ADMIN_EMAILS ?? '', c.var.now))
  if (operator) return operator
  throw new Problem(
    403,
    'not_an_operator',
    email
      ? `${email} is not an operator; ask an admin.`
      : 'This page is opened through Cloudflare Access, and this request bears no valid token of it.',
  )
}

/** The e-mail address in the token of Cloudflare Access, whose signature, issuer and audience are checked. */
async function accessEmail(c: Context<AppEnv>, access: Access): Promise<string | undefined> {
  const refusal = await verifierOf(access)(c, async () => {})
  return refusal ? undefined : c.get('accessPayload')?.email?.toLowerCase()
}

const verifiers = new Map<string, MiddlewareHandler>()

/** One verifier for each application of Access: it keeps the team's public keys for an hour. */
function verifierOf({ team, audience }: Access): MiddlewareHandler {
  const name = `${team} ${audience}`
  const verifier =
    verifiers.get(name) ?? cloudflareAccess(team.replace(/\.cloudflareaccess\.com$/, ''), audience)
  verifiers.set(name, verifier)
  return verifier
}

export const setSessionCookie = (c: Context<AppEnv>, token: string): void =>
  setCookie(c, cookieName(c), token, { path: '/', httpOnly: true, sameSite: 'Lax', secure: overTls(c) })

export const clearSessionCookie = (c: Context<AppEnv>): string | undefined =>
  deleteCookie(c, cookieName(c), { path: '/', secure: overTls(c) })

export const sessionToken = (c: Context<AppEnv>): string | undefined => getCookie(c, cookieName(c))

const overTls = (c: Context<AppEnv>): boolean => new URL(c.req.url).protocol === 'https:'

/** The `__Host-` prefix pins the cookie to this host over TLS; plain http (the sandbox) cannot have it. */
const cookieName = (c: Context<AppEnv>): string => (overTls(c) ? '__Host-accrue' : 'accrue_session')
