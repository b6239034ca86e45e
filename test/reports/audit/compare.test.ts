import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credit, debit, journalEntry } from '../../../src/ledger/journal-entry.ts'
import { JOURNAL_EVENTS } from '../../../src/ledger/journal-event.ts'
import { compareItems, type Item } from '../../../src/reports/audit/compare.ts'
import { type AnyEntry, entryItem } from '../../../src/reports/audit/entry-item.ts'
import { FACTS, FACTS_OF } from '../../../src/reports/audit/registry.store.ts'

const item = (id: string, amount = '1.00', kind = 'invoice_issued'): Item => ({
  kind,
  id,
  content: { amount },
})

describe('the comparison of the books with the facts', () => {
  it('tells what is missing, surplus and different, field by field', () => {
    const recomputed = [item('a'), item('b'), item('c', '3.00')]
    const recorded = [item('b'), item('c', '3.01'), item('d')]
    expect(compareItems(recomputed, recorded)).toEqual({
      checked: 3,
      missing: [item('a')],
      surplus: [item('d')],
      different: [
        {
          kind: 'invoice_issued',
          id: 'c',
          fields: [{ field: 'amount', recorded: '3.01', recomputed: '3.00' }],
        },
      ],
    })
  })

  it('tells a field that one side alone has', () => {
    const { different } = compareItems([{ ...item('a'), content: {} }], [item('a')])
    expect(different[0]?.fields).toEqual([{ field: 'amount', recorded: '1.00', recomputed: null }])
  })

  it('takes the same id of two kinds for two items', () => {
    const { missing, surplus } = compareItems([item('a')], [item('a', '1.00', 'invoice_voided')])
    expect([missing.length, surplus.length]).toEqual([1, 1])
  })

  it('law: finds nothing where both sides are the same, in any order', () => {
    const items = fc.uniqueArray(fc.record({ id: fc.string(), amount: fc.string() }), {
      selector: ({ id }) => id,
    })
    fc.assert(
      fc.property(items, (rows) => {
        const all = rows.map(({ id, amount }) => item(id, amount))
        const none = { missing: [], surplus: [], different: [] }
        expect(compareItems(all, all.toReversed())).toEqual({ checked: all.length, ...none })
      }),
    )
  })
})

const planned = journalEntry({
  entityRef: 'lumen',
  postingDate: '2026-10-31',
  event: 'payment_received',
  sourceId: 'pay_1',
  currency: 'EUR',
  description: 'Payment received by wire',
  recordedAt: 5,
  postings: [
    debit('bank_clearing', 46_800n, { customerRef: 'globex' }),
    credit('unapplied_cash', 46_800n, { customerRef: 'globex', paymentId: 'pay_1' }),
  ],
})

const posted = (changes: Partial<AnyEntry>): AnyEntry => ({ ...planned, belongsTo: null, ...changes })
const fieldsThatDiffer = (changes: Partial<AnyEntry>) =>
  compareItems([entryItem(planned)], [entryItem(posted(changes))]).different.flatMap(({ fields }) =>
    fields.map(({ field }) => field),
  )

describe('an entry in the comparison', () => {
  it('shows every posting with its account, amount and dimensions', () => {
    expect(entryItem(planned).content).toMatchObject({
      'postings.1': 'bank_clearing 468.00 customerRef=globex',
      'postings.2': 'unapplied_cash -468.00 customerRef=globex paymentId=pay_1',
    })
  })

  it.each<[string, Partial<AnyEntry>, string[]]>([
    ['nothing', {}, []],
    ['when it was written down', { recordedAt: 9 }, []],
    ['a closed month', { postingDate: '2026-11-01', belongsTo: '2026-10-31' }, []],
    ['another day', { postingDate: '2026-11-01' }, ['posting_date']],
    [
      'a later day that is no first',
      { postingDate: '2026-11-02', belongsTo: '2026-10-31' },
      ['posting_date'],
    ],
    ['another day of the event', { postingDate: '2026-11-01', belongsTo: '2026-10-30' }, ['posting_date']],
    ['other books', { book: 'secondary' }, ['book']],
    ['another entry that it takes back', { reverses: 'je_1' }, ['reverses']],
    [
      'another customer',
      { postings: [{ ...planned.postings[0]!, customerRef: 'acme' }, planned.postings[1]!] },
      ['postings.1'],
    ],
    ['postings in another order', { postings: planned.postings.toReversed() }, ['postings.1', 'postings.2']],
  ])('tells %s', (_, changes, fields) => {
    expect(fieldsThatDiffer(changes)).toEqual(fields)
  })
})

describe('the registry of facts', () => {
  it('makes the entries of every event again, and reads no facts that none follows from', () => {
    expect(Object.keys(FACTS_OF).sort()).toEqual([...JOURNAL_EVENTS].sort())
    expect(new Set(Object.values(FACTS_OF))).toEqual(new Set(Object.keys(FACTS)))
  })
})
