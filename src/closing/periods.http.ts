import { z } from '@hono/zod-openapi'
import { instantOut, pageQuery, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { PERIOD_STATUSES } from '../ledger/accounting-period.ts'
import type { PeriodRow } from '../ledger/periods.store.ts'

export const monthParam = z.object({
  month: z
    .string()
    .regex(/^(19|[2-9]\d)\d{2}-(0[1-9]|1[0-2])$/, 'must be a month, YYYY-MM')
    .openapi({ example: '2026-01' }),
})

const entityRef = refField
  .optional()
  .openapi({ description: 'Whose books; by default those of every legal entity' })

export const lockBody = z.strictObject({
  entity_ref: entityRef,
  soft: z.boolean().default(false).openapi({ description: 'Jobs may still post, people may not' }),
  reason: z.string().trim().max(500).optional(),
})

export const unlockBody = z.strictObject({
  entity_ref: entityRef,
  reason: z.string().trim().min(1).max(500),
})

export const closeEntriesBody = z.strictObject({ entity_ref: entityRef })

export const periodsQuery = pageQuery.extend({ entity_ref: refField.optional() })

export const periodSchema = z
  .object({
    entity_ref: z.string(),
    month: z.string(),
    status: z.enum(PERIOD_STATUSES),
    reason: z.string().nullable(),
    changed_at: instantOut,
    changed_by: z.string(),
  })
  .openapi('AccountingPeriod')

export const periodsAnswer = z.object({ data: z.array(periodSchema) })

export const showPeriod = (row: PeriodRow): z.infer<typeof periodSchema> => ({
  entity_ref: row.entityRef,
  month: row.month,
  status: row.status,
  reason: row.reason,
  changed_at: toIso(row.changedAt),
  changed_by: row.changedBy,
})
