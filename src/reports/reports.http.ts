import { z } from '@hono/zod-openapi'
import { LAST_DATE } from '../contracts/periods/schedule.ts'
import { dateField, moneyOut, refField } from '../http/fields.http.ts'
import { AGES } from './ageing.ts'
import { STEPS } from './cash-forecast.ts'
import { MOVEMENTS } from './mrr.ts'
import { REMAINING } from './remaining.ts'

const PERIODS_MAX = 60

const dayField = dateField.refine((date) => date <= LAST_DATE, `must not be after ${LAST_DATE}`)
export const monthField = z
  .string()
  .regex(/^(19|2\d)\d{2}-(0[1-9]|1[0-2])$/, 'must be a month of the years 1900 to 2999, YYYY-MM')
  .openapi({ example: '2026-01' })

const scope = { entity_ref: refField.optional().openapi({ description: 'One legal entity; by default all' }) }
const asOf = dayField.optional().openapi({ description: 'Last day that counts; by default today in UTC' })

export const asOfQuery = z.object({ as_of: asOf, ...scope })

const framework = z.enum(['ASC606', 'IFRS15'])

export const remainingQuery = asOfQuery.extend({
  framework: framework.optional().openapi({
    description:
      'By default that of the primary book of each legal entity. Those whose books do not have it are left out.',
  }),
})

export const mrrQuery = z.object({
  from: monthField.optional().openapi({ description: 'First month; by default eleven before the last' }),
  to: monthField.optional().openapi({ description: 'Last month, included; by default the current one' }),
  ...scope,
})

export const forecastQuery = z.object({
  by: z.enum(STEPS).default('month'),
  periods: z.coerce.number().int().min(1).max(PERIODS_MAX).default(12),
  ...scope,
})

export const spanQuery = z.object({
  from: dayField
    .optional()
    .openapi({ description: 'First posting date; by default the first of the month of `to`' }),
  to: dayField.optional().openapi({ description: 'Last posting date, included; by default today in UTC' }),
  ...scope,
})

const currency = z.string()
/** Fields of money, one for each name. */
export const money = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, moneyOut])) as Record<Name, typeof moneyOut>

const ages = money([...AGES, 'total'])

export const ageingAnswer = z
  .object({
    as_of: z.string(),
    rows: z.array(z.object({ customer_ref: z.string(), customer_name: z.string(), currency, ...ages })),
    totals: z.array(z.object({ currency, ...ages, ledger: moneyOut })),
    tied: z.boolean().openapi({ description: 'The invoices add up to accounts receivable in the ledger' }),
  })
  .openapi('ReceivablesAgeing')

export const mrrAnswer = z
  .object({
    rows: z.array(
      z.object({ currency, month: z.string(), ...money(['opening', ...MOVEMENTS, 'closing', 'arr']) }),
    ),
  })
  .openapi('MonthlyRecurringRevenue')

export const forecastAnswer = z
  .object({
    as_of: z.string(),
    rows: z.array(
      z.object({
        currency,
        period: z.string().openapi({ description: 'A month, the Monday of a week, `overdue` or `later`' }),
        ...money(['invoiced', 'upcoming', 'total']),
      }),
    ),
  })
  .openapi('CashForecast')

const remaining = money(REMAINING)

export const remainingAnswer = z
  .object({
    as_of: z.string(),
    entities: z
      .array(z.object({ entity_ref: z.string(), framework }))
      .openapi({ description: 'Whose contracts are counted, and by which of their books.' }),
    rows: z.array(z.object({ contract_ref: z.string(), customer_ref: z.string(), currency, ...remaining })),
    totals: z.array(z.object({ currency, ...remaining })),
    notes: z
      .array(
        z.object({
          framework,
          text: z.string(),
          paragraph: z.string(),
          contract_refs: z.array(z.string()).openapi({ description: 'The contracts that it is about.' }),
        }),
      )
      .openapi({ description: 'What is not among the figures, and by which relief.' }),
  })
  .openapi('RemainingPerformanceObligations')

export const ROLLED = [
  'opening',
  'billed',
  'recognised',
  'other',
  'closing',
  'contract_liability',
  'unbilled',
] as const
const rolled = money(ROLLED)

export const rollforwardAnswer = z
  .object({
    from: z.string(),
    to: z.string(),
    rows: z.array(z.object({ entity_ref: z.string(), currency, ...rolled })),
    totals: z.array(z.object({ currency, ...rolled, ledger: moneyOut })),
    tied: z.boolean().openapi({ description: 'What closes is the balance of the contract position account' }),
  })
  .openapi('ContractPositionRollforward')
