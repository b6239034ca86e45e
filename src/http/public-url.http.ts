import type { Context } from 'hono'
import type { AppEnv } from './router.http.ts'

/** Where people reach this deployment, without a slash at the end: PUBLIC_URL, or else the address of the request. */
export const publicUrl = (c: Context<AppEnv>): string =>
  c.env.PUBLIC_URL?.replace(/\/$/, '') ?? new URL(c.req.url).origin
