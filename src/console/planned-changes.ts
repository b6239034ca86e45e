import type { ContractProduct, ContractTerms } from '../contracts/contract.ts'
import { addDays, type LocalDate } from '../kernel/calendar.ts'

/** What becomes of a contract on a day to come, as one would say it. */
export type PlannedChange = { day: LocalDate; words: string }

export type ChangeWords = {
  /** A product by its name, and a price by what it costs. */
  nameOf: (productRef: string) => string
  priceOf: (product: ContractProduct) => string
}

/**
 * What was agreed for the days after today, in their order: prices that begin, products that end, trials that run out, and
 * the end of the contract.
 *
 * @example { day: '2026-04-01', words: 'Seats: 8 at $20.00, billed in advance, in place of 5 at $20.00, billed in advance' }
 */
export function plannedChanges(terms: ContractTerms, today: LocalDate, words: ChangeWords): PlannedChange[] {
  const changes = [
    ...terms.products.flatMap((product) => changesOf(terms, product, words)),
    ...(terms.earlier_zones ?? []).map(({ until }, place, zones) => ({
      day: until,
      words: `Cycles are counted in ${zones[place + 1]?.timezone ?? terms.timezone}`,
    })),
    ...(terms.end_date === null ? [] : [{ day: terms.end_date, words: endInWords(terms) }]),
  ]
  return changes.filter(({ day }) => day > today).sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

function changesOf(terms: ContractTerms, product: ContractProduct, words: ChangeWords): PlannedChange[] {
  const {
    product_ref: ref,
    billing_start_date: start,
    billing_end_date: end,
    trial_end_date: trialEnd,
  } = product
  const name = words.nameOf(ref)
  const said = (one: ContractProduct) => `${one.quantity} at ${words.priceOf(one)}`
  const others = terms.products.filter((one) => one.product_ref === ref)
  const before = others.find((one) => one.billing_end_date !== null && one.billing_end_date === start)
  const isFollowed = others.some((one) => one.billing_start_date !== null && one.billing_start_date === end)
  return [
    ...(start === null || start <= terms.start_date
      ? []
      : [{ day: start, words: `${name}: ${said(product)}${before ? `, in place of ${said(before)}` : ''}` }]),
    ...(end === null || isFollowed ? [] : [{ day: end, words: `${name} ends` }]),
    ...(trialEnd === undefined
      ? []
      : [{ day: trialEnd, words: `${name}: the trial is over, and it is paid for` }]),
  ]
}

function endInWords({ end_date: end, credits_unused: credits, renewal }: ContractTerms): string {
  if (renewal?.auto && renewal.notice_date === null)
    return 'The term ends, and the contract goes on if it renews'
  const last = end === null ? '' : `; the last day is ${addDays(end, -1)}`
  return `The contract ends${last}${credits ? ', and what was billed beyond it is given back' : ''}`
}
