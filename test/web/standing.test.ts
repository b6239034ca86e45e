import { expect, it } from 'vitest'
import { NOTHING_SETTLED } from '../../src/invoicing/settlement.ts'
import { standingOf } from '../../src/web/standing.ts'

const invoice = { total: 1_000n, dueDate: '2026-01-31' }

it.each([
  ['open before the due date', 0n, '2026-01-30', false, 'open'],
  ['open on the due date itself', 0n, '2026-01-31', false, 'open'],
  ['overdue the day after', 0n, '2026-02-01', false, 'overdue'],
  ['overdue although a part is paid', 1n, '2026-02-01', false, 'overdue'],
  ['partly paid in time', 999n, '2026-01-31', false, 'partly_paid'],
  ['processing rather than overdue while money is under way', 0n, '2026-02-01', true, 'processing'],
  ['paid, whatever the day', 1_000n, '2027-01-01', true, 'paid'],
] as const)('an invoice is %s', (_, paid, today, underWay, standing) => {
  expect(standingOf(invoice, { ...NOTHING_SETTLED, paid }, today, underWay)).toBe(standing)
})

it.each([
  ['void', { voided: 1_000n }],
  ['written_off', { paid: 400n, writtenOff: 600n }],
  ['credited', { credited: 1_000n }],
  ['paid', { paid: 400n, credited: 600n }],
  ['open', { credited: 600n }],
] as const)('an invoice is %s', (standing, settled) => {
  expect(standingOf(invoice, { ...NOTHING_SETTLED, ...settled }, '2026-01-01')).toBe(standing)
})
