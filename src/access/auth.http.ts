import type { MiddlewareHandler } from 'hono'
import { realTime } from '../clock/clock.store.ts'
import { type Env, isSandbox } from '../env.ts'
import type { AppEnv } from '../http/router.http.ts'
import { sha256Hex } from '../kernel/hash.ts'
import { Problem } from '../kernel/problem.ts'
import { openDb } from '../storage/db.store.ts'
import { findApiKey } from './access.store.ts'
import { allows, type Principal, type Scope } from './principal.ts'

/** Lets in a request whose bearer key holds the scope; who is asking is then in `c.var.principal`. */
export const requireScope = (scope: Scope): MiddlewareHandler<AppEnv> =>
  asking(scope, async (c, next) => {
    const principal = await principalOf(c.req.header('authorization'), c.env, c.var.db)
    admit(principal, scope)
    c.set('principal', principal)
    await next()
  })

const asking = (scope: Scope, middleware: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> =>
  Object.assign(middleware, { scope })

/** The scope that a handler of a route asks for, so that the description of the API can tell it. */
export const scopeAskedBy = (handler: object): Scope | undefined =>
  'scope' in handler ? (handler.scope as Scope) : undefined

/** For so long a key that was found is taken as it was, where `requireKeptScope` asks: also one revoked since. */
const KEPT_MS = 10_000
const KEPT_MAX = 1_000
const kept = new Map<string, { principal: Principal; until: number }>()

/** As `requireScope`, without asking the database for each of the many calls that one key makes. */
export const requireKeptScope = (scope: Scope): MiddlewareHandler<AppEnv> =>
  asking(scope, async (c, next) => {
    const header = c.req.header('authorization')
    const held = kept.get(header ?? '')
    const principal =
      held && held.until > realTime() ? held.principal : await principalOf(header, c.env, openDb(c.env.DB))
    if (principal !== held?.principal) keep(header!, principal)
    admit(principal, scope)
    c.set('principal', principal)
    await next()
  })

function keep(header: string, principal: Principal): void {
  if (kept.size >= KEPT_MAX) kept.clear()
  kept.set(header, { principal, until: realTime() + KEPT_MS })
}

function admit(principal: Principal, scope: Scope): void {
  if (allows(principal, scope)) return
  throw new Problem(403, 'scope_missing', `This call needs a key with the scope "${scope}".`)
}

const SANDBOX_KEYS = new Map<string, Principal>([
  ['sandbox_admin_key', { id: 'sandbox-admin', label: 'sandbox admin key', scopes: ['admin'] }],
  ['sandbox_ingest_key', { id: 'sandbox-ingest', label: 'sandbox ingest key', scopes: ['ingest'] }],
])

async function principalOf(
  header: string | undefined,
  env: Env,
  db: AppEnv['Variables']['db'],
): Promise<Principal> {
  const secret = /^Bearer ([\x21-\x7e]{8,200})$/.exec(header ?? '')?.[1]
  if (!secret) throw unauthorized('Send the header "Authorization: Bearer <key>".')
  const sandboxKey = isSandbox(env) ? SANDBOX_KEYS.get(secret) : undefined
  if (sandboxKey) return sandboxKey
  const hash = sha256Hex(secret)
  // Comparing hashes keeps the time of the comparison from telling anything about the secret.
  if (env.ADMIN_KEY && hash === sha256Hex(env.ADMIN_KEY)) {
    return { id: 'admin-key', label: 'ADMIN_KEY', scopes: ['admin'] }
  }
  const key = await findApiKey(db, hash)
  if (!key) throw unauthorized('This key is not known, or was revoked.')
  return key
}

const unauthorized = (detail: string): Problem =>
  new Problem(401, 'unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="accrue"' } })
