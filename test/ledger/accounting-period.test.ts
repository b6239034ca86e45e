import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedPeriodsOf, inOpenPeriod, type PeriodStatus } from '../../src/ledger/accounting-period.ts'
import { credit, debit, journalEntry } from '../../src/ledger/journal-entry.ts'

const entryOf = (postingDate: string, postedBy?: string) =>
  journalEntry({
    entityRef: 'acme',
    postingDate,
    event: 'invoice_issued',
    sourceId: 'one',
    currency: 'USD',
    description: 'Invoice 1',
    recordedAt: 0,
    ...(postedBy !== undefined && { postedBy }),
    postings: [debit('accounts_receivable', 100n), credit('contract_position', 100n)],
  })

const closed = (statuses: Record<string, PeriodStatus>, entityRef = 'acme') =>
  closedPeriodsOf(Object.entries(statuses).map(([month, status]) => ({ entityRef, month, status })))

describe('an entry', () => {
  it.each([
    ['nothing is closed', {}, undefined, '2026-01-31', undefined],
    ['another month is locked', { '2026-02': 'locked' }, undefined, '2026-01-31', undefined],
    ['its month is locked', { '2026-01': 'locked' }, undefined, '2026-02-01', '2026-01-31'],
    [
      'the next is locked too',
      { '2026-01': 'locked', '2026-02': 'locked' },
      undefined,
      '2026-03-01',
      '2026-01-31',
    ],
    [
      'a later one is locked, the next is open',
      { '2026-01': 'locked', '2026-03': 'locked' },
      undefined,
      '2026-02-01',
      '2026-01-31',
    ],
    [
      'a job posts it in a soft-locked month',
      { '2026-01': 'soft_locked' },
      undefined,
      '2026-01-31',
      undefined,
    ],
    ['a person posts it there', { '2026-01': 'soft_locked' }, 'Ann', '2026-02-01', '2026-01-31'],
    [
      'a job moves it into a soft-locked month',
      { '2026-01': 'locked', '2026-02': 'soft_locked' },
      undefined,
      '2026-02-01',
      '2026-01-31',
    ],
    [
      'a person cannot move it there',
      { '2026-01': 'locked', '2026-02': 'soft_locked' },
      'Ann',
      '2026-03-01',
      '2026-01-31',
    ],
    ['its month was opened again', { '2026-01': 'open' }, 'Ann', '2026-01-31', undefined],
  ] as const)('is posted where it may be: %s', (_, statuses, postedBy, postingDate, belongsTo) => {
    const posted = inOpenPeriod(entryOf('2026-01-31', postedBy), closed(statuses))
    expect([posted.postingDate, posted.belongsTo]).toEqual([postingDate, belongsTo])
  })

  it('goes over the end of the year', () => {
    const posted = inOpenPeriod(entryOf('2025-12-31'), closed({ '2025-12': 'locked' }))
    expect(posted).toMatchObject({ postingDate: '2026-01-01', belongsTo: '2025-12-31' })
  })

  it('stands in the books of its own entity alone', () => {
    const others = closed({ '2026-01': 'locked' }, 'other')
    expect(inOpenPeriod(entryOf('2026-01-31'), others).postingDate).toBe('2026-01-31')
  })

  it('is never posted in a closed month, before its own day, or with other amounts', () => {
    const months = ['2026-01', '2026-02', '2026-03', '2026-04']
    const statuses = fc.dictionary(
      fc.constantFrom(...months),
      fc.constantFrom<PeriodStatus>('open', 'soft_locked', 'locked'),
    )
    fc.assert(
      fc.property(statuses, fc.constantFrom(...months), fc.boolean(), (chosen, month, byPerson) => {
        const entry = entryOf(`${month}-15`, byPerson ? 'Ann' : undefined)
        const posted = inOpenPeriod(entry, closed(chosen))
        const status = chosen[posted.postingDate.slice(0, 7)] ?? 'open'
        expect(status === 'open' || (status === 'soft_locked' && !byPerson)).toBe(true)
        expect(posted.postingDate >= entry.postingDate).toBe(true)
        expect([posted.id, posted.postings]).toEqual([entry.id, entry.postings])
        expect(inOpenPeriod(posted, closed(chosen))).toBe(posted)
      }),
    )
  })
})
