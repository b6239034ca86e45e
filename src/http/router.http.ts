import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Principal } from '../access/principal.ts'
import type { Env } from '../env.ts'
import { invalidForm } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import { faultsOfForm } from './partly.http.ts'

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
