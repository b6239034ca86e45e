import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { Role, Scope } from './principal.ts'

/** API keys: the SHA-256 of the secret, never the secret. */
export const apiKeys = sqliteTable('api_keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  secretHash: text('secret_hash').notNull().unique(),
  scopes: json<Scope[]>('scopes').notNull(),
  createdAt: instant('created_at').notNull(),
  revokedAt: instant('revoked_at'),
})

/** People who may open the console. */
export const operators = sqliteTable('operators', {
  email: text('email').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  createdAt: instant('created_at').notNull(),
})

export const loginLinks = sqliteTable(
  'login_links',
  {
    tokenHash: text('token_hash').primaryKey(),
    email: text('email').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [index('login_links_expiry').on(table.expiresAt)],
)

export const sessions = sqliteTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    email: text('email').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('sessions_expiry').on(table.expiresAt)],
)

/** Answers of writes by their Idempotency-Key, so that a repeat gets the first answer again. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    principal: text('principal').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    status: integer('status'),
    body: text('body'),
    contentType: text('content_type'),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.principal, table.key] }),
    index('idempotency_keys_age').on(table.startedAt),
  ],
)

/** Who changed what, when: append-only. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    before: json<unknown>('before'),
    after: json<unknown>('after'),
    requestId: text('request_id').notNull(),
  },
  (table) => [index('audit_log_subject').on(table.subject, table.at), index('audit_log_at').on(table.at)],
)
