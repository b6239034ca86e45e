import { z } from '@hono/zod-openapi'
import { ACCRUED, BALANCE_WORDS, BALANCES, DEFERRED } from './contract-balances.ts'
import { money, spanQuery } from './reports.http.ts'
import { EARLIER_WORDS, GROUPS, REVENUE } from './revenue-figures.ts'
import { TAX_FIGURES, TAX_WORDS } from './tax-report.ts'

const texts = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, z.string()])) as Record<Name, z.ZodString>

/** Rows of words and figures, and the total of each currency. */
const table = <Word extends string, Figure extends string>(
  words: readonly Word[],
  figures: readonly Figure[],
) => ({
  rows: z.array(z.object({ currency: z.string(), ...texts(words), ...money(figures) })),
  totals: z.array(z.object({ currency: z.string(), ...money(figures) })),
})

const asOf = { as_of: z.string() }
const span = { from: z.string(), to: z.string() }

export const balancesAnswer = z
  .object({
    ...asOf,
    ...table(BALANCE_WORDS, BALANCES),
    tied: z.boolean().openapi({ description: 'The contracts add up to the contract position account' }),
    on_trial_balance: z.boolean().nullable().openapi({
      description:
        'At the last day of a locked month: the trial balance has each figure on its account. Null on other days.',
    }),
  })
  .openapi('ContractBalances')

export const unbilledAnswer = z
  .object({ ...asOf, ...table(BALANCE_WORDS, ACCRUED) })
  .openapi('UnbilledReceivables')

export const deferredAnswer = z
  .object({ ...asOf, ...table(BALANCE_WORDS, DEFERRED) })
  .openapi('DeferredRevenue')

export const byDayAnswer = z.object({ ...span, ...table(['day'], REVENUE) }).openapi('RevenueByDay')

export const disaggregationQuery = spanQuery.extend({
  by: z.enum(GROUPS).default('product').openapi({ description: 'What revenue is told apart by' }),
})

export const disaggregationAnswer = z
  .object({ ...span, by: z.enum(GROUPS), ...table(['key', 'name'], REVENUE) })
  .openapi('RevenueDisaggregation')

export const priorPeriodAnswer = z
  .object({ ...span, ...table(EARLIER_WORDS, REVENUE) })
  .openapi('PriorPeriodRevenue')

export const taxAnswer = z.object({ ...span, ...table(TAX_WORDS, TAX_FIGURES) }).openapi('TaxReport')
