import { createMiddleware } from 'hono/factory'
import { joined, Problem } from '../kernel/problem.ts'
import { refField } from './fields.http.ts'
import { REF_FIELDS, type RefField, unknownRefs } from './known-refs.store.ts'
import type { AppEnv } from './router.http.ts'

/**
 * Refuses a report about something that is not there: books of a misspelt entity would be empty, and balanced. Stands
 * after the scope, so that only those who may read learn what is there. References without the form of one are left to
 * the query's own check.
 */
export const knownRefs = createMiddleware<AppEnv>(async (c, next) => {
  const asked = REF_FIELDS.flatMap((field): [RefField, string][] => {
    const { data: ref } = refField.safeParse(c.req.query(field))
    return ref === undefined ? [] : [[field, ref]]
  })
  const unknown = asked.length > 0 ? await unknownRefs(c.var.db, asked) : []
  if (unknown.length > 0) throw joined(unknown.map(nothingNamed))
  await next()
})

function nothingNamed([field, ref]: [RefField, string]): Problem {
  const what = field.replace('_ref', '')
  const detail = `There is no ${what} with the reference "${ref}".`
  return new Problem(404, `${what}_not_found`, detail, { faults: [{ path: field, message: detail }] })
}
