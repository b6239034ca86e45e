import { expect, it } from 'vitest'
import { epcQrText } from '../../../src/payments/wire/epc-qr.ts'

const transfer = {
  beneficiary: 'Acme Europe GmbH',
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
  currency: 'EUR',
  amount: 105_000n,
  reference: 'RF98INV2026000123',
}

it('writes the lines of EPC069-12 with the structured reference', () => {
  expect(epcQrText(transfer)!.split('\n')).toEqual([
    'BCD',
    '002',
    '1',
    'SCT',
    'COBADEFFXXX',
    'Acme Europe GmbH',
    'DE89370400440532013000',
    'EUR1050.00',
    '',
    'RF98INV2026000123',
  ])
})

it('writes what is no structured reference as text', () => {
  expect(
    epcQrText({ ...transfer, bic: undefined, reference: 'INV-1' })!
      .split('\n')
      .slice(8),
  ).toEqual(['', '', 'INV-1'])
})

it('fits into the 331 bytes that the code may have', () => {
  const longest = {
    ...transfer,
    beneficiary: 'x'.repeat(300),
    reference: 'y'.repeat(300),
    amount: 99_999_999_999n,
  }
  expect(new TextEncoder().encode(epcQrText(longest)!).length).toBeLessThanOrEqual(331)
})

it.each([
  ['another currency', { currency: 'USD' }],
  ['no IBAN', { iban: undefined }],
  ['an IBAN with a wrong check digit', { iban: 'DE88370400440532013000' }],
  ['nothing to pay', { amount: 0n }],
  ['a thousand millions', { amount: 100_000_000_000n }],
])('gives none for %s', (_, fields) => {
  expect(epcQrText({ ...transfer, ...fields })).toBeUndefined()
})
