import type { CreditTerms } from '../catalog/credit-terms.ts'
import { groupDigits } from '../kernel/digits.ts'
import { spanInWords } from './words.ts'

/**
 * What credit a fee buys, one sentence for each term that has something to say.
 *
 * @example creditInWords(terms, 'USD') // ['Buys prepaid credit: 1,000 USD for each 900', 'Credit expires after a year']
 */
export function creditInWords(terms: CreditTerms, currency: string): string[] {
  const { paid, granted, available, expires_after: life, rollover, product_refs: refs, overage } = terms
  return [
    `Buys prepaid credit: ${groupDigits(granted)} ${currency} for each ${groupDigits(paid)}`,
    available === 'on_payment' ? 'Good once it is paid' : 'Good from the invoice on',
    ...(refs ? [`Pays for ${refs.join(', ')}`] : []),
    ...(life ? [`Credit expires after ${spanInWords(life)}`] : []),
    ...(rollover ? [`${groupDigits(rollover.share_percent)} % of what is left is carried over`] : []),
    ...(overage === 'refuse' ? ['Pays for all that it may, or for nothing'] : []),
  ]
}
