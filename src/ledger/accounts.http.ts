import { z } from '@hono/zod-openapi'
import { dateField, moneyOut, nameField, pageQuery, refField } from '../http/fields.http.ts'
import { formatMoney } from '../kernel/money.ts'
import { ACCOUNT_ROLES } from './account.ts'
import type { StatementLine } from './account-statement.store.ts'
import type { Balances } from './account-statement.ts'
import type { ChartOfAccounts } from './chart-of-accounts.ts'
import { dimensionsField } from './dimension.http.ts'
import type { DimensionValues } from './dimension.ts'
import { dimensionColumn } from './export-dimensions.ts'
import { bookField, functionalField } from './reading.http.ts'
import { sidesOf } from './trial-balance.ts'

const role = z.enum(ACCOUNT_ROLES)
const numberField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.\-/]{0,31}$/, 'must be up to 32 letters, digits, points, hyphens or slashes')

export const accountsQuery = z.object({ entity_ref: refField.optional() })

export const accountsBody = z.strictObject({
  entity_ref: refField,
  accounts: z
    .array(
      z.strictObject({
        account: role,
        number: numberField.nullable().default(null),
        name: nameField,
        dimensions: dimensionsField
          .optional()
          .openapi({ description: 'Without it they stay as they are; `{}` takes all away' }),
      }),
    )
    .min(1)
    .max(ACCOUNT_ROLES.length)
    .refine((named) => new Set(named.map(({ account }) => account)).size === named.length, {
      error: 'must name each account once',
    }),
})

export const accountsAnswer = z
  .object({
    data: z.array(
      z.object({
        account: role,
        number: z.string().nullable(),
        name: z.string(),
        dimensions: dimensionsField,
      }),
    ),
  })
  .openapi('ChartOfAccounts')

export const showChart = (chart: ChartOfAccounts): z.infer<typeof accountsAnswer> => ({
  data: [...chart].map(([account, label]) => ({ account, ...label })),
})

export const roleParam = z.object({ account: role })

export const statementQuery = pageQuery.extend({
  entity_ref: refField.optional(),
  from: dateField.optional().openapi({ description: 'First posting date' }),
  to: dateField.optional().openapi({ description: 'Last posting date, included' }),
  currency: functionalField,
  book: bookField,
})

const balance = moneyOut.openapi({ description: 'Debit positive, credit negative' })
const balances = z.array(z.object({ currency: z.string(), balance }))

const statementLine = z.object({
  posting_date: z.string(),
  belongs_to: z.string().nullable(),
  entry_id: z.string(),
  entity_ref: z.string(),
  event: z.string(),
  source_id: z.string(),
  description: z.string(),
  currency: z.string(),
  debit: moneyOut,
  credit: moneyOut,
  balance,
  customer_ref: z.string().nullable(),
  contract_ref: z.string().nullable(),
  invoice_ref: z.string().nullable(),
  product_ref: z.string().nullable(),
  dimensions: z.record(z.string(), z.string()).openapi({
    description: 'The values of the dimensions that the entity gave the account; in CSV a column for each',
  }),
})

export const statementAnswer = z
  .object({
    account: role,
    number: z.string().nullable(),
    name: z.string(),
    opening: balances,
    data: z.array(statementLine),
    closing: balances.openapi({ description: 'After the last movement of this part' }),
    next_cursor: z.string().nullable(),
  })
  .openapi('AccountStatement')

type ShownLine = z.infer<typeof statementLine>

/** The columns of the CSV file are the fields of a line, and one for each dimension. */
export const statementColumns = (names: readonly string[]): string[] => [
  ...statementLine.omit({ dimensions: true }).keyof().options,
  ...names.map(dimensionColumn),
]

export const statementRow = ({ dimensions, ...line }: ShownLine): Record<string, string | null> => ({
  ...line,
  ...Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [dimensionColumn(name), value])),
})

export const showBalances = (of: Balances): z.infer<typeof balances> =>
  [...of].sort().map(([currency, net]) => ({ currency, balance: formatMoney(net, currency) }))

export const showLine = (
  line: StatementLine & { balance: bigint },
  dimensions: DimensionValues,
): ShownLine => ({
  posting_date: line.postingDate,
  belongs_to: line.belongsTo,
  entry_id: line.entryId,
  entity_ref: line.entityRef,
  event: line.event,
  source_id: line.sourceId,
  description: line.description,
  currency: line.currency,
  ...sidesOf(line.amount, line.currency),
  balance: formatMoney(line.balance, line.currency),
  customer_ref: line.customerRef,
  contract_ref: line.contractRef,
  invoice_ref: line.invoiceId,
  product_ref: line.productRef,
  dimensions: Object.fromEntries(dimensions),
})
