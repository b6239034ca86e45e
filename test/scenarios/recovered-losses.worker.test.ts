import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'

/**
 * Invoices that were written off and are paid after all. Each contract has a seller of its own, with books in US dollars.
 *
 *   held     Seats 310.00 a month ahead, under both frameworks. Collection is likely at 60 % from 10 January on, a contract
 *            under IFRS 15 alone, and at 90 % from 1 April on. January's invoice is written off on 10 February; half of it
 *            comes on 1 March, goes back on 5 March, and all of it comes on 10 March
 *   abroad   Seats 365.00 EUR for 2026, written off on 1 July, paid on 1 October
 *   planned  The same in dollars, by selling prices; half comes on 1 October, half on 1 February 2027
 *   doubted  The same by selling prices; no contract until 1 November. Written off on 1 July, paid on 1 October
 */
const SELLERS = ['held', 'abroad', 'planned', 'doubted']

/** A rate holds for a week: 1 July, 8 July and so on until 23 September. */
const SUMMER = Array.from({ length: 13 }, (_, week) =>
  new Date(Date.UTC(2026, 6, 1 + 7 * week)).toISOString().slice(0, 10),
)

const sign = (contract: string, amount: string, terms: object = {}) =>
  ok('POST', '/api/contracts', {
    ...{ contract_ref: contract, customer_ref: contract, entity_ref: `${contract}-seller`, currency: 'USD' },
    ...{ timezone: 'UTC', start_date: '2026-01-01', grace_hours: 0, net_terms: 30 },
    products: [{ product_ref: 'seats', model: { type: 'flat', amount, term: 'in_advance' } }],
    ...terms,
  })

const FOR_A_YEAR = { billing_cycle: { unit: 'YEARLY' }, end_date: '2027-01-01' }

const judge = (contract: string, effective_date: string, collection_probability: string) =>
  ok('POST', `/api/revenue/contracts/${contract}/facts`, {
    ...{ kind: 'criteria', effective_date, collection_probability, reason: 'What is known of the customer' },
  })

/** The earliest invoice of a contract. */
async function firstOf(contract: string): Promise<string> {
  const { data } = await ok('GET', `/api/invoices?contract_ref=${contract}`)
  return data.toSorted((a: Invoice, b: Invoice) => (a.issue_date < b.issue_date ? -1 : 1))[0].invoice_ref
}
type Invoice = { issue_date: string; invoice_ref: string }

const writeOff = async (contract: string) =>
  ok('POST', `/api/invoices/${await firstOf(contract)}/write_off`, { reason: 'Insolvent' })

const pay = async (contract: string, amount: string, received_on: string, currency = 'USD') =>
  ok('POST', '/api/invoices/reconcile', {
    ...{ invoice_ref: await firstOf(contract), amount, currency, received_on },
  })

const on = (contract: string, day: string, query = '') =>
  balances(`entity_ref=${contract}-seller&as_of=${day}${query}`)

beforeAll(async () => {
  await moveTo('2026-01-01')
  await ok('POST', '/api/products', { product_ref: 'seats', name: 'Seats', kind: 'recurring' })
  for (const name of SELLERS) {
    const entity_ref = `${name}-seller`
    await ok('POST', '/api/entities', {
      ...{
        entity_ref,
        name,
        currency: 'USD',
        timezone: 'UTC',
        invoice_series: name.slice(0, 3).toUpperCase(),
      },
      ...(name === 'held' && { framework: 'both' }),
    })
    await ok('POST', '/api/customers', { customer_ref: name, name, entity_ref })
  }
  await ok('POST', '/api/fx-rates', {
    rates: [['2026-01-01', '1.10'], ...SUMMER.map((day) => [day, '1.20']), ['2026-10-01', '1.30']].map(
      ([date, rate]) => ({ base: 'EUR', quote: 'USD', date, rate }),
    ),
  })
  for (const name of ['planned', 'doubted']) {
    await ok('POST', '/api/revenue/ssp', {
      ...{ entity_ref: `${name}-seller`, effective_date: '2026-01-01', approved_by: 'J. Ortiz' },
      entries: [
        {
          ...{ product_ref: 'seats', currency: 'USD', per: 'year', price: { amount: '365' } },
          ...{ method: 'observed', evidence: 'Renewals of 2025' },
        },
      ],
    })
  }
  await sign('held', '310.00')
  await sign('abroad', '365.00', { ...FOR_A_YEAR, currency: 'EUR' })
  await sign('planned', '365.00', FOR_A_YEAR)
  await sign('doubted', '365.00', FOR_A_YEAR)
  await judge('doubted', '2026-01-01', '0.3')
})

beforeAll(async () => {
  await moveTo('2026-01-10T12:00:00Z')
  await judge('held', '2026-01-10', '0.6')
  await moveTo('2026-02-10T12:00:00Z')
  await writeOff('held')
  await moveTo('2026-03-01T12:00:00Z')
  const { payment_id } = await pay('held', '155.00', '2026-03-01')
  await moveTo('2026-03-05T12:00:00Z')
  await ok('POST', `/api/payments/${payment_id}/return`, { reason: 'No funds' })
  await moveTo('2026-03-10T12:00:00Z')
  await pay('held', '310.00', '2026-03-10')
  await moveTo('2026-04-02')
  await judge('held', '2026-04-01', '0.9')
})

beforeAll(async () => {
  await moveTo('2026-07-01T12:00:00Z')
  for (const contract of ['abroad', 'planned', 'doubted']) await writeOff(contract)
  await moveTo('2026-10-01T12:00:00Z')
  await pay('abroad', '365.00', '2026-10-01', 'EUR')
  await pay('planned', '182.50', '2026-10-01')
  await pay('doubted', '365.00', '2026-10-01')
  await moveTo('2026-11-02')
  await judge('doubted', '2026-11-01', '0.9')
  await moveTo('2027-02-01T12:00:00Z')
  await pay('planned', '182.50', '2027-02-01')
  await moveTo('2027-02-03')
})

describe('what was written off without a contract', () => {
  it('is a deposit when it is paid after all, in the part that was no revenue', async () => {
    // Of 310.00 90.00 were revenue, and lost; of the 155.00 45.00 make up for that. February and March are unpaid.
    expect(await on('held', '2026-03-01')).toEqual({
      manual_clearing: '155.00',
      accounts_receivable: '620.00',
      contract_position: '-730.00',
      revenue: '-90.00',
      bad_debt_expense: '45.00',
    })
    // Under IFRS 15 all is revenue but for what is written off: 310.00 + 310.00 + 10.00 − 220.00 + 110.00 less 90.00.
    const beyond = { revenue: '-430.00', contract_position: '430.00' }
    expect(await on('held', '2026-03-01', '&book=secondary')).toEqual(beyond)
  })

  it('is lost again when the bank takes the money back', async () => {
    expect(await on('held', '2026-03-05')).toEqual({
      accounts_receivable: '620.00',
      contract_position: '-620.00',
      revenue: '-90.00',
      bad_debt_expense: '90.00',
    })
  })

  it('is no loss when all of it has come, and waits for a contract', async () => {
    expect(await on('held', '2026-03-10')).toEqual({
      manual_clearing: '310.00',
      accounts_receivable: '620.00',
      contract_position: '-840.00',
      revenue: '-90.00',
    })
    const march = await ok('GET', '/api/revenue/contract-balances?as_of=2026-03-31&entity_ref=held-seller')
    expect(march.totals).toMatchObject([{ deposit_liability: '220.00', advances_not_due: '620.00' }])
  })

  it('is revenue on the day from which there is one', async () => {
    // Three months and a day of thirty: 930.00 + 10.33.
    expect(await on('held', '2026-04-01')).toEqual({
      manual_clearing: '310.00',
      accounts_receivable: '930.00',
      contract_position: '-299.67',
      revenue: '-940.33',
    })
    expect(await on('held', '2026-04-01', '&book=secondary')).toEqual({})
  })

  it('is so for what a plan earns, too', async () => {
    expect(await on('doubted', '2026-09-30')).toEqual({})
    expect(await on('doubted', '2026-10-31')).toEqual({
      manual_clearing: '365.00',
      contract_position: '-365.00',
    })
    // 304 of 365 days; November is posted at its end.
    expect(await on('doubted', '2026-11-01')).toEqual({
      manual_clearing: '365.00',
      contract_position: '-61.00',
      revenue: '-304.00',
    })
    expect(await on('doubted', '2026-12-31')).toEqual({ manual_clearing: '365.00', revenue: '-365.00' })
  })
})

describe('what was written off for days to come', () => {
  it('is earned by its days when it is paid after all', async () => {
    // 181 days were lost, 184 were to come. On 1 October 92 of these are over, and one more in the evening.
    expect(await on('abroad', '2026-09-30')).toEqual({ revenue: '-181.00', bad_debt_expense: '181.00' })
    expect(await on('abroad', '2026-10-01')).toEqual({
      manual_clearing: '365.00',
      contract_position: '-91.00',
      revenue: '-274.00',
    })
    expect(await on('abroad', '2026-12-31')).toEqual({ manual_clearing: '365.00', revenue: '-365.00' })
  })

  it('has the rate of the day on which it came', async () => {
    // Written off: 184.00 at 1.10 and 181.00 at 1.20 are 419.60 for 401.50. Paid at 1.30: 474.50, of which 235.30 make
    // up for a loss of 217.20. Revenue is 181.00 × 1.10 + 184.00 × 1.30.
    expect(await on('abroad', '2026-12-31', '&currency=functional')).toEqual({
      manual_clearing: '474.50',
      revenue: '-438.30',
      bad_debt_expense: '-18.10',
      fx_gain_loss: '-18.10',
    })
  })

  it('is price again where revenue follows a plan', async () => {
    // Half of 181.00 is still lost. Half of 184.00 is price again: 46.00 for 92 days at once, 46.00 for the rest.
    expect(await on('planned', '2026-10-01')).toEqual({
      manual_clearing: '182.50',
      contract_position: '-46.00',
      revenue: '-227.00',
      bad_debt_expense: '90.50',
    })
    expect(await on('planned', '2026-12-31')).toEqual({
      manual_clearing: '182.50',
      revenue: '-273.00',
      bad_debt_expense: '90.50',
    })
    expect(await on('planned', '2027-02-01')).toEqual({ manual_clearing: '365.00', revenue: '-365.00' })
  })
})

it('adds up, and follows from the facts', async () => {
  for (const name of SELLERS) {
    const { items } = await ok('GET', `/api/accounting-periods/2027-01/checklist?entity_ref=${name}-seller`)
    const ties = items.filter(({ code }: { code: string }) => ['positions', 'billed'].includes(code))
    expect(ties).toMatchObject([{ state: 'clear' }, { state: 'clear' }])
  }
  expect(await differencesFromFacts()).toEqual([])
})
