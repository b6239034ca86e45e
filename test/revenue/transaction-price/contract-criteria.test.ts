import { describe, expect, it } from 'vitest'
import { decimal } from '../../../src/kernel/rational.ts'
import { policyOf } from '../../../src/revenue/policy.ts'
import {
  type CriteriaJudgement,
  testContract,
} from '../../../src/revenue/transaction-price/contract-criteria.ts'
import {
  type NonRefundable,
  nonRefundablePortions,
} from '../../../src/revenue/transaction-price/non-refundable.ts'

const [ASC606, IFRS15] = [policyOf('ASC606'), policyOf('IFRS15')]

const likely = (from: string, probability: string, more: Partial<CriteriaJudgement> = {}) => ({
  from,
  facts: { collectionProbability: decimal(probability) },
  ...more,
})
const signed = (from: string, approved: boolean): CriteriaJudgement => ({ from, facts: { approved } })

describe('the days without a contract', () => {
  it.each([
    { case: 'nothing stated', judgements: [], asc: [], ifrs: [] },
    {
      case: 'met by one framework alone, then by both',
      judgements: [likely('2026-01-01', '0.6'), likely('2026-04-01', '0.9')],
      asc: ['2026-01-01 2026-04-01'],
      ifrs: [],
    },
    {
      case: 'judged again and still not met',
      judgements: [signed('2026-01-01', false), likely('2026-02-01', '0.1'), signed('2026-03-01', true)],
      asc: ['2026-01-01 2026-03-01'],
      ifrs: ['2026-01-01 2026-03-01'],
    },
    {
      case: 'met, and lost for good',
      judgements: [signed('2026-01-01', true), likely('2026-06-01', '0.1')],
      asc: ['2026-06-01'],
      ifrs: ['2026-06-01'],
    },
    {
      case: 'a judgement that is corrected for the same day',
      judgements: [likely('2026-01-01', '0.1'), likely('2026-01-01', '0.9')],
      asc: [],
      ifrs: [],
    },
    {
      case: 'stated late, for an earlier day',
      judgements: [likely('2026-04-01', '0.9'), likely('2026-01-01', '0.1')],
      asc: ['2026-01-01 2026-04-01'],
      ifrs: ['2026-01-01 2026-04-01'],
    },
    {
      case: 'stated for one framework',
      judgements: [likely('2026-01-01', '0.1', { framework: 'IFRS15' })],
      asc: [],
      ifrs: ['2026-01-01'],
    },
  ] as { case: string; judgements: CriteriaJudgement[]; asc: string[]; ifrs: string[] }[])(
    '$case',
    ({ judgements, asc, ifrs }) => {
      const spansBy = (policy: typeof ASC606) =>
        testContract(judgements, policy).unmet.map(({ from, until }) => [from, until ?? ''].join(' ').trim())
      expect(spansBy(ASC606)).toEqual(asc)
      expect(spansBy(IFRS15)).toEqual(ifrs)
    },
  )

  it('are named with their paragraphs', () => {
    const { isContract, reasons } = testContract(
      [likely('2026-01-01', '0.6'), likely('2026-04-01', '0.9')],
      ASC606,
    )
    expect(isContract).toBe(true)
    expect(reasons).toEqual([
      { rule: 'contract_criteria', text: 'The criteria for a contract are met.' },
      {
        rule: 'reassessed',
        text: 'From 2026-01-01 on they were not met; what was performed until 2026-04-01 is revenue of that day.',
      },
    ])
  })
})

describe('what need not be given back', () => {
  const kept = (date: string, event: NonRefundable['event'], amount = 12_000n): NonRefundable => ({
    key: 'paid',
    date,
    event,
    amount,
  })
  const [stopped, ended] = [kept('2026-07-01', 'stopped'), kept('2026-08-01', 'terminated')]
  const ever = [{ from: '2026-01-01' }]

  it.each([
    { case: 'who stops has earned it', of: [stopped], unmet: ever, asc: ['07-01 12000'], ifrs: [] },
    {
      case: 'of one amount the first event that counts',
      of: [stopped, ended],
      unmet: ever,
      asc: ['07-01 12000'],
      ifrs: ['08-01 12000'],
    },
    {
      case: 'gives way to what was performed where there is a contract after all',
      of: [ended],
      unmet: [{ from: '2026-01-01', until: '2026-09-01' }],
      asc: ['08-01 12000', '09-01 -12000'],
      ifrs: ['08-01 12000', '09-01 -12000'],
    },
    { case: 'on a day with a contract there is nothing of it', of: [ended], unmet: [], asc: [], ifrs: [] },
  ])('$case', ({ of, unmet, asc, ifrs }) => {
    const rowsBy = (policy: typeof ASC606) =>
      nonRefundablePortions(of, unmet, policy).map(({ date, amount }) => `${date.slice(5)} ${amount}`)
    expect(rowsBy(ASC606)).toEqual(asc)
    expect(rowsBy(IFRS15)).toEqual(ifrs)
  })
})
