import { z } from '@hono/zod-openapi'
import { refField } from '../http/fields.http.ts'
import { invalidRequest } from '../http/router.http.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import type { PeriodStatus } from '../ledger/accounting-period.ts'
import { accountsBody } from '../ledger/accounts.http.ts'
import { monthField } from '../reports/reports.http.ts'

type Form = Record<string, string | File>

/** What each button of the page makes of a month. */
const ACTIONS = { soft_lock: 'soft_locked', lock: 'locked', reopen: 'open' } as const satisfies Record<
  string,
  PeriodStatus
>

const monthOf = z.object({ entity_ref: refField, month: monthField })

const period = monthOf
  .extend({
    action: z.enum(['soft_lock', 'lock', 'reopen']),
    reason: z.string().trim().max(500).default(''),
  })
  .refine(({ action, reason }) => action !== 'reopen' || reason !== '', {
    message: 'say why the month is opened again',
    path: ['reason'],
  })

/** The month of an entity that a form is about. Throws `invalid_request`. */
export function monthForm(form: Form) {
  const { entity_ref: entityRef, month } = parsed(monthOf, form)
  return { entityRef, month }
}

/** What a form of the page asks of a month. Throws `invalid_request`. */
export function periodForm(form: Form) {
  const { entity_ref: entityRef, month, action, reason } = parsed(period, form)
  return { entityRef, month, status: ACTIONS[action], reason: reason || undefined }
}

/** The accounts of a form, each with its number and name. Throws `invalid_request`. */
export function accountsForm(form: Form) {
  const accounts = ACCOUNT_ROLES.filter((role) => form[`name_${role}`] !== undefined).map((account) => ({
    account,
    number: form[`number_${account}`] || null,
    name: form[`name_${account}`],
  }))
  const body = parsed(accountsBody, { entity_ref: form.entity_ref, accounts })
  return {
    entityRef: body.entity_ref,
    accounts: body.accounts.map(({ account: role, ...label }) => ({ role, ...label })),
  }
}

/** What a form or an address says, as the schema has it. Throws `invalid_request`. */
export function parsed<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw invalidRequest(result.error)
}

/** A month of the address; what is none is as if it were not there. */
export const monthOfQuery = (text: string | undefined): string | undefined => {
  const month = monthField.safeParse(text)
  return month.success ? month.data : undefined
}
