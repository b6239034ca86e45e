import type { AgreedDiscount, ContractTerms } from '../contracts/contract.ts'
import { type ContractTax, plainTax } from '../contracts/terms/tax-terms.ts'
import { dateInWords } from '../invoicing/documents/date-words.ts'
import { displayMoney, parseMoney } from '../kernel/money.ts'

/** `VAT 19%, included`, tax by tax. */
export const taxesInWords = ({ taxes, tax_percent }: ContractTerms): string =>
  (taxes ?? [plainTax(tax_percent)]).map(taxInWords).join('; ') || 'None'

const taxInWords = ({ name, percent, inclusive, reason, tax_codes: codes }: ContractTax): string =>
  [
    `${name} ${percent}%`,
    ...(reason === null ? [] : [reason.replaceAll('_', ' ')]),
    ...(inclusive ? ['included'] : []),
    ...(codes ? [`on tax codes ${codes.join(', ')}`] : []),
  ].join(', ')

/** `Launch: 10% off seats, before 1 March 2026`, one for each that was agreed. */
export const discountsInWords = ({ discounts = [], currency }: ContractTerms): string[] =>
  discounts.map((discount) => {
    const { name, products, from, until, cycles } = discount
    return [
      `${name}: ${amountOff(discount, currency)} off ${products?.join(', ') ?? 'the invoice'}`,
      ...(from === null ? [] : [`from ${dateInWords(from)}`]),
      ...(until === null ? [] : [`before ${dateInWords(until)}`]),
      ...(cycles === null ? [] : [cycles === 1 ? 'for one cycle' : `for ${cycles} cycles`]),
    ].join(', ')
  })

const amountOff = ({ type, value }: AgreedDiscount, currency: string): string =>
  type === 'percent' ? `${value}%` : displayMoney(parseMoney(value, currency) ?? 0n, currency)
