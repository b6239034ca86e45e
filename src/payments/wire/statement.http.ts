import { z } from '@hono/zod-openapi'
import { dateField, moneyOut, refField } from '../../http/fields.http.ts'
import { formatMoney } from '../../kernel/money.ts'
import { allocationSchema, showAllocations } from '../payment.http.ts'
import type { ImportedEntry, ImportedStatement } from './statement.job.ts'

export const statementQuery = z.object({
  entity_ref: refField.optional().openapi({
    description:
      'Whose statement it is. Not needed where the account, or being the only legal entity, tells.',
  }),
})

const OUTCOMES = [
  'matched',
  'unapplied',
  'not_incoming',
  'payout',
  'announced',
  'already_known',
  'waiting',
] as const
type Outcome = (typeof OUTCOMES)[number]

const count = (description: string) => z.int().openapi({ description })

export const statementSchema = z
  .object({
    statement_id: z.string(),
    format: z.enum(['camt.052', 'camt.053', 'camt.054', 'csv']),
    read: count('Entries in the file.'),
    new: count('Entries that this call has written.'),
    already_known: count('Entries that an earlier file, or an earlier call, has written.'),
    matched: count('New incoming payments that invoices, or the credit of a customer, took.'),
    unapplied: count('New incoming payments that wait for a decision.'),
    waiting: count('Entries that this call did not come to: post the file again to go on.'),
    entries: z.array(
      z.object({
        date: dateField,
        amount: moneyOut,
        currency: z.string(),
        reference: z.string(),
        outcome: z.enum(OUTCOMES),
        payment_id: z.string().nullable(),
        rule: z.string().nullable(),
        explanation: z.string(),
        allocations: z.array(allocationSchema),
      }),
    ),
  })
  .openapi('ImportedBankStatement')

export function showImport({ id, format, entries }: ImportedStatement) {
  const shown = entries.map(showEntry)
  const having = (...outcomes: Outcome[]) => shown.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    statement_id: id,
    format,
    read: shown.length,
    new: having('matched', 'unapplied', 'not_incoming', 'payout'),
    already_known: having('already_known'),
    matched: having('matched'),
    unapplied: having('unapplied'),
    waiting: having('waiting'),
    entries: shown,
  }
}

const showEntry = ({ entry, standing, explanation, received }: ImportedEntry) => ({
  date: entry.bookedOn,
  amount: formatMoney(entry.amount, entry.currency),
  currency: entry.currency,
  reference: entry.reference,
  outcome: outcome(standing, received),
  payment_id: received?.payment.id ?? null,
  rule: received?.rule ?? null,
  explanation,
  allocations: showAllocations(received?.allocations ?? [], entry.currency),
})

function outcome(standing: ImportedEntry['standing'], received: ImportedEntry['received']): Outcome {
  if (standing !== 'incoming') return standing
  if (received?.outcome === 'duplicate') return 'already_known'
  return received?.unapplied === 0n ? 'matched' : 'unapplied'
}
