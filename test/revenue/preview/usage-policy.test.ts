import { expect, it } from 'vitest'
import { previewed, revenueByMonth } from './previewed.ts'

const platform = { key: 'platform', recognition: 'daily', start: '2026-01-01', end: '2026-02-01' }
const calls = (more: object = {}) => ({
  ...{ key: 'calls', recognition: 'usage', events: [{ date: '2026-01-15', amount: '7.50' }] },
  ...more,
})
const deal = (usage: object) =>
  previewed({ transaction_price: '31', obligations: [{ ...platform, ssp: '31' }, usage] })

it.each([
  ['by default', {}, 'ASC 606-10-55-18'],
  ['by the right to invoice', { usage_policy: 'right_to_invoice' }, 'ASC 606-10-55-18'],
  ['as variable consideration of its days', { usage_policy: 'variable_allocation' }, 'ASC 606-10-32-40'],
])('usage is revenue as it happens, %s', (_, more, paragraph) => {
  const preview = deal(calls(more))
  expect(preview.allocation).toEqual({ platform: '31.00' })
  expect(revenueByMonth(preview, 'calls')).toEqual({ '2026-01': '7.50' })
  const said = preview.explanations.filter(({ text }) => text.startsWith('"calls"'))
  expect(said.map((one) => one.paragraph)).toEqual([paragraph])
})

it('the policy belongs to usage that takes no part in the allocation', () => {
  const asked = () => deal(calls({ ssp: '10', usage_policy: 'variable_allocation' }))
  expect(asked).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ path: 'obligations.1.usage_policy' })] }),
  )
})
