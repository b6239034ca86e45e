import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Principal } from '../access/principal.ts'
import type { Env } from '../env.ts'
import type { Partly } from '../kernel/partly.ts'
import { invalidForm } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import { faultsOfForm, type Parts, readPartly } from './partly.http.ts'

/** What every handler finds in its context. `principal` is set where a route asks for a scope. */
export type AppEnv = {
  Bindings: Env
  Variables: { db: Db; now: number; requestId: string; principal: Principal }
}

export type Router = OpenAPIHono<AppEnv>

/** A router whose input faults all become one problem+json answer that names every fault. */
export const createRouter = (): Router =>
  new OpenAPIHono<AppEnv>({
    // A trailing slash changes nothing: some clients post to /api/contracts/.
    strict: false,
    defaultHook: (result) => {
      if (result.success) return
      throw invalidRequest(result.error)
    },
  })

export const invalidRequest = (error: z.ZodError) => invalidForm(faultsOfForm(error))

type Checked = { target: string } & ({ success: true } | { success: false; error: z.ZodError })

/**
 * A route's hook for a body that is judged by more than its form: what can be read of one that has faults is judged all
 * the same, so that one answer names them all. `judge` throws a problem that has those of form among its faults.
 */
export const judgedInFull =
  <T extends z.ZodType>(
    schema: T,
    parts: Parts,
    judge: (c: Context<AppEnv>, sent: Partly<z.infer<T>>) => Promise<unknown>,
  ) =>
  (result: Checked, c: Context<AppEnv>): Promise<never> | undefined => {
    if (result.success) return undefined
    const refuse = async (): Promise<never> => {
      if (result.target === 'json') await judge(c, readPartly(schema, parts, await c.req.json()))
      throw invalidRequest(result.error)
    }
    return refuse()
  }
