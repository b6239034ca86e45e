import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { sha256Hex } from '../kernel/hash.ts'
import { randomSecret } from '../kernel/id.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { loginLinks, operators, sessions } from './access.schema.ts'
import type { Role } from './principal.ts'

const LINK_MS = 15 * 60_000
const SESSION_MS = 12 * 3_600_000
/** Sign-in links that one address may ask for at a time. */
const LINKS_MAX = 5

export type Operator = { email: string; name: string; role: Role }

/**
 * The operator of an address. An address of the setting ADMIN_EMAILS becomes an admin the first time it is asked for,
 * so that a new deployment has somebody who can sign in.
 */
export async function findOperator(
  db: Db,
  email: string,
  adminEmails: string,
  now: number,
): Promise<Operator | undefined> {
  const [row] = await db.select().from(operators).where(eq(operators.email, email))
  const admins = adminEmails.toLowerCase().split(/[\s,]+/)
  // An empty setting splits into one empty address, which nobody has.
  if (row || email === '' || !admins.includes(email)) return row
  await saveOperator(db, { email, name: email, role: 'admin' }, now)
  return { email, name: email, role: 'admin' }
}

export const saveOperator = (db: Db, operator: Operator, now: number) =>
  db
    .insert(operators)
    .values({ ...operator, createdAt: now })
    .onConflictDoUpdate({ target: operators.email, set: { name: operator.name, role: operator.role } })

export const listOperators = (db: Db): Promise<Operator[]> =>
  db
    .select({ email: operators.email, name: operators.name, role: operators.role })
    .from(operators)
    .orderBy(asc(operators.email))

/** The statements that let a person in no more: neither by an open session nor by a link sent before. */
export const removeOperator = (db: Db, email: string): Statement[] => [
  db.delete(operators).where(eq(operators.email, email)),
  db.delete(sessions).where(eq(sessions.email, email)),
  db.delete(loginLinks).where(eq(loginLinks.email, email)),
]

/** Makes a one-time sign-in token; only its hash is stored. Undefined while the address has too many open ones. */
export async function createLoginToken(db: Db, email: string, now: number): Promise<string | undefined> {
  const [open] = await db
    .select({ count: sql<number>`count(*)` })
    .from(loginLinks)
    .where(and(eq(loginLinks.email, email), gt(loginLinks.expiresAt, now), isNull(loginLinks.usedAt)))
  if ((open?.count ?? 0) >= LINKS_MAX) return undefined
  const token = randomSecret()
  await db.insert(loginLinks).values({ tokenHash: sha256Hex(token), email, expiresAt: now + LINK_MS })
  return token
}

/** Uses a sign-in token up and opens a session. Undefined if the token is unknown, used or too old. */
export async function openSession(db: Db, loginToken: string, now: number): Promise<string | undefined> {
  const [link] = await db
    .update(loginLinks)
    .set({ usedAt: now })
    .where(
      and(
        eq(loginLinks.tokenHash, sha256Hex(loginToken)),
        isNull(loginLinks.usedAt),
        gt(loginLinks.expiresAt, now),
      ),
    )
    .returning()
  if (!link) return undefined
  const token = randomSecret()
  await db
    .insert(sessions)
    .values({ tokenHash: sha256Hex(token), email: link.email, expiresAt: now + SESSION_MS, createdAt: now })
  return token
}

export async function operatorOfSession(db: Db, token: string, now: number): Promise<Operator | undefined> {
  const [row] = await db
    .select({ email: operators.email, name: operators.name, role: operators.role })
    .from(sessions)
    .innerJoin(operators, eq(operators.email, sessions.email))
    .where(and(eq(sessions.tokenHash, sha256Hex(token)), gt(sessions.expiresAt, now)))
  return row
}

export async function closeSession(db: Db, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, sha256Hex(token)))
}
