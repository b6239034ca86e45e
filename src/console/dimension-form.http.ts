import { z } from '@hono/zod-openapi'
import { invalid } from '../kernel/problem.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import { accountsBody } from '../ledger/accounts.http.ts'
import { parsed } from './close-forms.http.ts'

/** Rows of the form; more dimensions than any accounting system has. */
export const DIMENSION_ROWS = 10

/** What a row of the form says in place of a rule: one text for all postings. */
export const FIXED = 'text'

type Form = Record<string, string | File>

export const dimensionsQuery = z.object({ entity_ref: z.string(), account: z.enum(ACCOUNT_ROLES) })

/** The dimensions of an account, checked as the API checks them. Throws `invalid_request`. */
export function dimensionsForm(form: Form) {
  const { entity_ref, account: role } = parsed(dimensionsQuery, form)
  const rows = Array.from({ length: DIMENSION_ROWS }, (_, row) => ruleOf(form, row)).filter((row) => row)
  const dimensions = Object.fromEntries(rows as [string, unknown][])
  if (Object.keys(dimensions).length < rows.length)
    throw invalid('invalid_request', 'Each dimension stands once: two rows have the same name.')
  const accounts = [{ account: role, name: role, dimensions }]
  const body = parsed(accountsBody, { entity_ref, accounts })
  return { entityRef: body.entity_ref, role, dimensions: body.accounts[0]?.dimensions }
}

/** One row as the API takes it; undefined for a row without a name, which is how a dimension is taken away. */
function ruleOf(form: Form, row: number): [string, unknown] | undefined {
  const cell = (column: string) => String(form[`${column}_${row}`] ?? '').trim()
  const [name, from, text, otherwise] = ['name', 'from', 'text', 'otherwise'].map(cell)
  if (!name) return undefined
  if (from === FIXED) return [name, text]
  const values = valuesOf(cell('values'))
  const rule = {
    from,
    ...(text && { field: text }),
    ...(values && { values }),
    ...(otherwise && { otherwise }),
  }
  return [name, rule]
}

/** `api-calls = Usage`, one in each line. */
function valuesOf(lines: string): Record<string, string> | undefined {
  const pairs = lines
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const place = line.lastIndexOf('=')
      return [line.slice(0, Math.max(place, 0)).trim(), line.slice(place + 1).trim()]
    })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}
