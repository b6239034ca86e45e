import { expect, it } from 'vitest'
import { type DocumentedTax, taxReportOf } from '../../src/reports/tax-report.ts'

const vat = (taxable: bigint, tax: bigint, more: Partial<DocumentedTax> = {}): DocumentedTax => ({
  entityRef: 'acme',
  currency: 'EUR',
  name: 'VAT',
  percent: '19',
  reason: null,
  taxable,
  tax,
  ...more,
})

it('adds up documents by tax, and keeps those apart that are not the same', () => {
  const { rows, totals } = taxReportOf(
    [
      vat(10_000n, 1_900n),
      vat(-2_000n, -380n),
      vat(5_000n, 350n, { percent: '7' }),
      vat(8_000n, 0n, { percent: '0', reason: 'reverse_charge' }),
      vat(700n, 70n, { currency: 'USD', name: 'Sales tax', percent: '10' }),
    ],
    [],
  )
  const of = { entity_ref: 'acme', tax_name: 'VAT', reason: '', currency: 'EUR' }
  expect(rows).toEqual([
    { ...of, tax_name: 'Sales tax', percent: '10', currency: 'USD', taxable: '7.00', tax: '0.70' },
    { ...of, percent: '0', reason: 'reverse_charge', taxable: '80.00', tax: '0.00' },
    // 100.00 less 20.00
    { ...of, percent: '19', taxable: '80.00', tax: '15.20' },
    { ...of, percent: '7', taxable: '50.00', tax: '3.50' },
  ])
  expect(totals).toContainEqual({ currency: 'EUR', taxable: '210.00', tax: '18.70' })
})

it('shares what has no document among the taxes of its invoice', () => {
  const taxes = [
    { name: 'VAT', percent: '19', reason: null, taxable: '100.00', tax: '19.00' },
    { name: 'VAT', percent: '7', reason: null, taxable: '100.00', tax: '7.00' },
    { name: 'VAT', percent: '0', reason: 'exempt', taxable: '50.00', tax: '0.00' },
  ]
  // 0.52 of tax are 2 % of 26.00: 0.38 on 2.00 and 0.14 on 2.00.
  const { rows } = taxReportOf([], [{ entityRef: 'acme', currency: 'EUR', tax: -52n, taxes }])
  expect(rows.map(({ percent, taxable, tax }) => [percent, taxable, tax])).toEqual([
    ['19', '-2.00', '-0.38'],
    ['7', '-2.00', '-0.14'],
  ])
})
