import { expect, it } from 'vitest'
import type { CreditTerms } from '../../src/catalog/credit-terms.ts'
import { creditInWords } from '../../src/console/credit-words.ts'

const PLAIN: CreditTerms = {
  paid: '900',
  granted: '1000',
  available: 'on_payment',
  priority: 50,
  billed_within_days: 7,
  overage: 'due',
}

it.each<[string, Partial<CreditTerms>, string[]]>([
  ['plain', {}, ['Buys prepaid credit: 1,000 USD for each 900', 'Good once it is paid']],
  [
    'with an end',
    {
      available: 'on_issue',
      expires_after: { unit: 'YEARLY', cycle: 1 },
      product_refs: ['calls', 'storage'],
    },
    [
      'Buys prepaid credit: 1,000 USD for each 900',
      'Good from the invoice on',
      'Pays for calls, storage',
      'Credit expires after a year',
    ],
  ],
  [
    'carried over',
    {
      expires_after: { unit: 'MONTHLY', cycle: 18 },
      rollover: { share_percent: '50' },
      overage: 'refuse',
    },
    [
      'Buys prepaid credit: 1,000 USD for each 900',
      'Good once it is paid',
      'Credit expires after 18 months',
      '50 % of what is left is carried over',
      'Pays for all that it may, or for nothing',
    ],
  ],
])('says what credit a fee buys: %s', (_, terms, words) => {
  expect(creditInWords({ ...PLAIN, ...terms }, 'USD')).toEqual(words)
})
