import { describe, expect, it } from 'vitest'
import { at, previewed, revenueByMonth } from '../preview/previewed.ts'

const seats = { key: 'seats', ssp: '1200', recognition: 'month_even', start: '2026-01-01', end: '2027-01-01' }
const project = {
  key: 'project',
  ssp: '600',
  recognition: 'milestone',
  milestones: [
    { date: '2026-03-31', weight: '1' },
    { date: '2026-09-30', weight: '1' },
  ],
}
const more = (ssp: string) => ({ ...seats, key: 'more', ssp, start: '2026-07-01' })
const changed = (fields: object, deal: object = { transaction_price: '1200', obligations: [seats] }) => {
  const plan = previewed({ ...deal, modifications: [{ effective_date: '2026-07-01', ...fields }] })
  return { plan, version: plan.modifications[0]! }
}
const both = { transaction_price: '1800', obligations: [seats, project] }

describe('the treatment that the rules choose', () => {
  it.each([
    {
      name: 'seats at list price',
      of: { price_change: '600', add: [more('600')] },
      gives: 'separate_contract',
    },
    {
      name: 'seats within their range of prices',
      of: { price_change: '550', add: [{ ...more('0'), ssp: { low: '540', high: '600' } }] },
      gives: 'separate_contract',
    },
    {
      name: 'seats below list price',
      of: { price_change: '599.99', add: [more('600')] },
      gives: 'prospective',
    },
    { name: 'seats above list price', of: { price_change: '601', add: [more('600')] }, gives: 'prospective' },
    { name: 'a lower price', of: { price_change: '-60' }, gives: 'prospective' },
    {
      name: 'an early end',
      of: { price_change: '-300', change: [{ ...seats, ssp: undefined, end: '2026-10-01' }] },
      gives: 'prospective',
    },
    { name: 'a credit alone', of: { credits: [{ key: 'seats', amount: '5' }] }, gives: 'catch_up' },
    { name: 'nothing', of: {}, gives: 'prospective' },
  ])('$name: $gives', ({ of, gives }) => {
    expect(changed(JSON.parse(JSON.stringify(of))).version.treatment).toBe(gives)
  })

  it('is a catch-up where the only thing left is a project begun, and mixed where there is more', () => {
    const alone = { transaction_price: '600', obligations: [project] }
    expect(changed({ price_change: '60' }, alone).version.treatment).toBe('catch_up')
    expect(changed({ price_change: '60' }, both).version.treatment).toBe('mixed')
  })

  it('says why, with the paragraphs of the framework', () => {
    const fields = { price_change: '599', add: [more('600')] }
    expect(changed(fields).version.explanations).toEqual([
      {
        text: 'It adds distinct goods or services, but not at their stand-alone selling prices.',
        paragraph: 'ASC 606-10-25-12',
      },
      {
        text: 'What remains is distinct from what was delivered: what is not yet recognised and the change of the price are spread over it. Revenue of the past stays.',
        paragraph: 'ASC 606-10-25-13(a)',
      },
    ])
    const ifrs = changed(fields, { framework: 'IFRS15', transaction_price: '1200', obligations: [seats] })
    expect(ifrs.version.explanations.map(({ paragraph }) => paragraph)).toEqual([
      'IFRS 15.20',
      'IFRS 15.21(a)',
    ])
  })

  it('gives way to a judgement with its reason, and keeps both', () => {
    const fields = {
      price_change: '60',
      treatment: 'catch_up',
      reason: 'The parties repriced the whole year.',
    }
    const { plan, version } = changed(fields)
    expect(version).toMatchObject({ treatment: 'catch_up', by_rule: 'prospective' })
    expect(version.explanations.at(-1)!.text).toContain('The parties repriced the whole year.')
    // 1,260 over twelve months are 105: six times 5 for January to June.
    expect(plan.adjustments).toEqual([{ date: '2026-07-01', key: 'seats', amount: '30.00' }])
    expect(() => changed({ price_change: '60', treatment: 'catch_up' })).toThrow(
      'needed to set the treatment',
    )
  })

  it('takes a tolerance for prices that still reflect what is sold alone', () => {
    const policy = { separate_contract_tolerance: '0.05' }
    const deal = { transaction_price: '1200', obligations: [seats], policy }
    expect(changed({ price_change: '570', add: [more('600')] }, deal).version.treatment).toBe(
      'separate_contract',
    )
    expect(changed({ price_change: '569.99', add: [more('600')] }, deal).version.treatment).toBe(
      'prospective',
    )
  })
})

describe('what a treatment does', () => {
  it('prospective: the pool of 600 and 480 is shared by what remains', () => {
    const { plan, version } = changed({ price_change: '480', add: [more('600')] })
    // 600 of the seats and 600 more remain: half of 1,080 each, on top of the 600 earned.
    expect(version.allocation).toEqual({ seats: '1140.00', more: '540.00' })
    expect(revenueByMonth(plan, 'seats')).toMatchObject({
      '2026-06': '100.00',
      '2026-07': '90.00',
      '2026-12': '90.00',
    })
  })

  it('mixed: the project catches up, the seats go on', () => {
    const { plan, version } = changed({ price_change: '90' }, both)
    // Left are 600 of seats and 300 of the project, and 90 more: 660 and 330.
    expect(version.allocation).toEqual({ seats: '1260.00', project: '630.00' })
    // Half of the project is done: 315 less 300.
    expect(plan.adjustments).toEqual([{ date: '2026-07-01', key: 'project', amount: '15.00' }])
    expect(revenueByMonth(plan, 'seats')).toMatchObject({ '2026-06': '100.00', '2026-07': '110.00' })
  })

  describe('where seats of July are a separate contract', () => {
    const inJuly = { effective_date: '2026-07-01', price_change: '600', add: [more('600')] }
    const whole = (key: string, start: string) => ({
      key,
      recognition: 'month_even',
      start,
      end: '2027-01-01',
    })
    const withLater = (...later: object[]) => {
      const modifications = JSON.parse(JSON.stringify([inJuly, ...later]))
      return previewed({ transaction_price: '1200', obligations: [seats], modifications })
    }
    const cut = { effective_date: '2026-11-01', price_change: '-36' }

    it('both are one from the day on which both are changed', () => {
      const change = [whole('seats', '2026-01-01'), whole('more', '2026-07-01')]
      const plan = withLater({ effective_date: '2026-10-01', price_change: '-60', change }, cut)
      // 300 of each are left: 540 of both for three months. Then 360 less 36: 162 of each for two.
      const rest = { '2026-10': '90.00', '2026-11': '81.00', '2026-12': '81.00' }
      expect(revenueByMonth(plan, 'seats')).toMatchObject(rest)
      expect(revenueByMonth(plan, 'more')).toMatchObject(rest)
    })

    it('what is added with a change of it belongs to it, and not to the main contract', () => {
      const extra = { ...seats, key: 'extra', ssp: '300', start: '2026-10-01' }
      const change = [whole('more', '2026-07-01')]
      const plan = withLater({ effective_date: '2026-10-01', price_change: '240', change, add: [extra] }, cut)
      // 300 and 240 for two that sell for 300 each: 90 a month. The cut is of the seats alone: 200 less 36.
      expect(revenueByMonth(plan, 'extra')).toEqual({
        '2026-10': '90.00',
        '2026-11': '90.00',
        '2026-12': '90.00',
      })
      expect(revenueByMonth(plan, 'seats')).toMatchObject({ '2026-10': '100.00', '2026-11': '82.00' })
    })
  })

  it('a service-level credit reduces revenue at once and leaves the future alone', () => {
    const { plan, version } = changed({ credits: [{ key: 'seats', amount: '50' }] })
    expect(version.explanations).toEqual([
      {
        text: 'A credit changes the price of service given already: it reduces revenue at once.',
        paragraph: 'ASC 606-10-32-42 to 32-44',
      },
    ])
    expect(plan.adjustments).toEqual([{ date: '2026-07-01', key: 'seats', amount: '-50.00' }])
    expect(revenueByMonth(plan)).toMatchObject({
      '2026-06': '100.00',
      '2026-07': '50.00',
      '2026-08': '100.00',
    })
  })

  it('a termination that refunds the rest ends revenue; one that keeps it earns it at once', () => {
    const refunded = changed({ price_change: '-600', remove: ['seats'] }).plan
    expect(Object.keys(revenueByMonth(refunded))).toHaveLength(6)
    const kept = changed({ remove: ['seats'] }).plan
    expect(revenueByMonth(kept)).toMatchObject({ '2026-06': '100.00', '2026-07': '600.00' })
    expect(kept.schedule).toHaveLength(7)
  })

  it('a price cut beyond what is left takes back revenue of the past', () => {
    const { plan, version } = changed({ price_change: '-700' })
    expect(plan.adjustments).toEqual([{ date: '2026-07-01', key: 'seats', amount: '-100.00' }])
    const said = (one: typeof version) => one.explanations.map(({ text }) => text).join(' ')
    expect(said(version)).toContain('changes revenue of what was delivered, at once')
    expect(said(changed({ price_change: '-600' }).version)).toContain('Revenue of the past stays.')
  })

  it('a price cut beyond what is left takes it from what was satisfied before, too', () => {
    const setUp = { key: 'set-up', ssp: '600', recognition: 'point_in_time', start: '2026-01-01' }
    const deal = { transaction_price: '1800', obligations: [setUp, seats] }
    const cutBy = (price_change: string, remove: string[]) =>
      changed({ price_change, remove }, deal).plan.adjustments.map(({ key, amount }) => [key, amount])
    // 600 of the set-up and 600 of the seats are earned, 600 are left: 300 beyond that are 150 of each.
    for (const remove of [[], ['seats']]) {
      expect(cutBy('-900', remove)).toEqual([
        ['set-up', '-150.00'],
        ['seats', '-150.00'],
      ])
    }
    // Not more than all of it, where nothing of the price remains.
    expect(cutBy('-1800', ['seats'])).toEqual([
      ['set-up', '-600.00'],
      ['seats', '-600.00'],
    ])
    // Within what is left the set-up keeps its share.
    expect(cutBy('-600', ['seats'])).toEqual([])
  })

  it('a month is cut where a modification falls into it', () => {
    const plan = previewed({
      transaction_price: '31',
      obligations: [{ key: 'service', recognition: 'daily', start: '2026-01-01', end: '2026-02-01' }],
      modifications: [{ effective_date: '2026-01-11', price_change: '21' }],
    })
    const dates = plan.journal.map(({ posting_date, postings }) => [posting_date, postings[0]!.debit])
    // Ten days at 1.00; 21 and 21 more over the other 21 days.
    expect(dates).toEqual([
      ['2026-01-10', '10.00'],
      ['2026-01-31', '42.00'],
    ])
  })
})

describe('a promise that was ended', () => {
  const ended = { effective_date: '2026-04-01', price_change: '-900', remove: ['seats'] }
  const back = (price_change: string) => ({
    effective_date: '2026-07-01',
    price_change,
    add: [{ ...seats, ssp: '600', start: '2026-07-01' }],
  })
  const plan = (price: string) =>
    previewed({ transaction_price: '1200', obligations: [seats], modifications: [ended, back(price)] })

  it.each([
    { price: '600', treatment: 'separate_contract', month: '100.00', total: '900.00' },
    { price: '540', treatment: 'prospective', month: '90.00', total: '840.00' },
  ])(
    'comes back under its key for $price and keeps what it had earned',
    ({ price, treatment, month, total }) => {
      const { modifications, schedule } = plan(price)
      expect(modifications[1]).toMatchObject({
        treatment,
        allocation: { seats: total },
        transaction_price: total,
      })
      expect(schedule.map(({ period, amount }) => [period, amount])).toEqual([
        ...['01', '02', '03'].map((month) => [`2026-${month}`, '100.00']),
        ...['07', '08', '09', '10', '11', '12'].map((own) => [`2026-${own}`, month]),
      ])
    },
  )

  it('cannot be changed', () => {
    const change = { effective_date: '2026-05-01', change: [{ key: 'seats', remaining_ssp: '1' }] }
    const deal = { transaction_price: '1200', obligations: [seats], modifications: [ended, change] }
    expect(() => previewed(deal)).toThrow(expect.objectContaining({ code: 'obligation_ended' }))
  })
})

describe('what cannot be', () => {
  const done = { transaction_price: '10', obligations: [at('a', '10', '2026-01-01')] }
  it.each([
    { name: 'an unknown obligation', of: { remove: ['x'] }, code: 'obligation_unknown' },
    {
      name: 'a credit for an unknown one',
      of: { credits: [{ key: 'x', amount: '1' }] },
      code: 'obligation_unknown',
    },
    { name: 'one that is there', of: { add: [seats] }, code: 'obligation_exists' },
    {
      name: 'one changed twice',
      of: { change: [{ key: 'seats' }, { key: 'seats' }] },
      code: 'obligation_repeated',
    },
    {
      name: 'a separate contract that adds nothing',
      of: { price_change: '1', treatment: 'separate_contract', reason: 'so' },
      code: 'treatment_impossible',
    },
    { name: 'a price for nothing', of: { price_change: '1' }, deal: done, code: 'nothing_left_to_price' },
  ])('$name: $code', ({ of, deal, code }) => {
    expect(() => changed(of, deal)).toThrow(expect.objectContaining({ status: 422, code }))
  })
})
