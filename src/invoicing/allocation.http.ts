import { z } from '@hono/zod-openapi'
import { instantOut, moneyOut } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { formatMoney } from '../kernel/money.ts'
import { type Allocation, SETTLEMENT_KINDS } from './settlement.ts'

export const allocationSchema = z.object({
  allocation_id: z.string(),
  kind: z.enum(SETTLEMENT_KINDS),
  payment_id: z.string().nullable(),
  credit_note_id: z.string().nullable(),
  reverses: z
    .string()
    .nullable()
    .openapi({ description: 'The allocation that this negative one takes back.' }),
  amount: moneyOut,
  rule: z.string(),
  explanation: z.string(),
  created_at: instantOut,
})

export const showAllocation = (
  allocation: Allocation,
  currency: string,
): z.infer<typeof allocationSchema> => ({
  allocation_id: allocation.id,
  kind: allocation.kind,
  payment_id: allocation.paymentId,
  credit_note_id: allocation.creditNoteId,
  reverses: allocation.reverses,
  amount: formatMoney(allocation.amount, currency),
  rule: allocation.rule,
  explanation: allocation.explanation,
  created_at: toIso(allocation.createdAt),
})
