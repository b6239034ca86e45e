import { z } from '@hono/zod-openapi'
import { moneyOut, refField } from '../../http/fields.http.ts'
import { PERIOD_STATUSES } from '../../ledger/accounting-period.ts'
import { monthField } from '../../reports/reports.http.ts'
import { type CheckItem, type CloseChecklist, TIES, WAITING } from './checklist.ts'
import { checkPath } from './links.ts'

export const checklistParam = z.object({ month: monthField })

export const checklistQuery = z.object({ entity_ref: refField.openapi({ description: 'Whose books' }) })

export const checklistAnswer = z
  .object({
    entity_ref: z.string(),
    month: z.string(),
    status: z.enum(PERIOD_STATUSES),
    over: z.boolean().openapi({ description: 'False while the month runs where the books are kept' }),
    ready: z.boolean().openapi({ description: 'The month is over and nothing is open' }),
    items: z.array(
      z.object({
        code: z.enum([...WAITING, ...TIES]),
        state: z.enum(['clear', 'open']),
        count: z.int(),
        amounts: z
          .array(z.object({ currency: z.string(), amount: moneyOut }))
          .openapi({ description: 'Where sums disagree: what the detail has more than the account' }),
        link: z.string().openapi({ description: 'The page that shows what is open' }),
      }),
    ),
  })
  .openapi('CloseChecklist')

export const showChecklist = (checklist: CloseChecklist): z.infer<typeof checklistAnswer> => ({
  ...checklist,
  items: checklist.items.map((item: CheckItem) => ({ ...item, link: checkPath(item.code, checklist) })),
})
