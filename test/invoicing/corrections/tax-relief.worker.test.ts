import { expect, it } from 'vitest'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { balances, moveTo, ok } from '../../support/scenario.ts'

/** Books for 100.00 at 7 % and seats for 100.00 at 19 %, for May alone, in advance: 226.00. */
const vat = (rate_percent: string) => [{ name: 'VAT', rate_percent }]
const flat = { type: 'flat', amount: '100' }

const taxes = async (): Promise<string[]> => {
  const { rows } = await ok('GET', '/api/reports/tax?from=2026-05-01&to=2026-07-31')
  return rows.map((row: Record<'percent' | 'taxable' | 'tax', string>) =>
    [row.percent, row.taxable, row.tax].join(' '),
  )
}

it('a write-off gets back the tax that credit notes have left, and what is recovered owes its part of that', async () => {
  await moveTo('2026-05-01')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'EUR', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  for (const ref of ['books', 'seats'])
    await ok('POST', '/api/products', { product_ref: ref, name: ref, kind: 'recurring' })
  await ok('POST', '/api/contracts', {
    ...{ contract_ref: 'acme', customer_ref: 'acme', entity_ref: 'lumen', currency: 'EUR' },
    ...{ start_date: '2026-05-01', end_date: '2026-06-01' },
    products: [
      { product_ref: 'books', model: flat, tax: vat('7') },
      { product_ref: 'seats', model: flat, tax: vat('19') },
    ],
  })
  await moveTo('2026-05-02')
  const [{ invoice_ref }] = (await ok('GET', '/api/invoices?customer_ref=acme')).data
  const { lines } = await ok('GET', `/api/invoices/${invoice_ref}`)
  const seats = lines.find(({ product_ref }: { product_ref: string }) => product_ref === 'seats')
  await ok('POST', `/api/invoices/${invoice_ref}/credit_notes`, {
    ...{ reason: 'Not wanted', lines: [{ line_ref: seats.line_ref }] },
  })
  expect(await taxes()).toEqual(['19 0.00 0.00', '7 100.00 7.00'])

  await moveTo('2026-06-02')
  await ok('POST', `/api/invoices/${invoice_ref}/write_off`, { reason: 'Insolvent', tax_relief: true })
  expect(await balances()).toEqual({ revenue: '-100.00', bad_debt_expense: '100.00' })
  expect(await taxes()).toEqual(['19 0.00 0.00', '7 0.00 0.00'])

  await moveTo('2026-07-02')
  const half = { amount: '53.50', currency: 'EUR', received_on: '2026-07-01' }
  await ok('POST', '/api/invoices/reconcile', { invoice_ref, ...half })
  expect(await balances()).toMatchObject({ bad_debt_expense: '50.00', tax_payable: '-3.50' })
  expect(await taxes()).toEqual(['19 0.00 0.00', '7 50.00 3.50'])
  expect(await differencesFromFacts()).toEqual([])
})
