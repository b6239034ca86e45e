import type { Commitment, ContractProduct, ContractTerms, RampStep, Renewal } from '../contracts/contract.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { dayInWords } from '../web/time.tsx'
import { priceInWords } from './price-words.ts'
import { cycleInWords } from './words.ts'

type Words = { currency: string; unitName: string }

/** How a price goes on after its first one, one sentence for each step. */
export function scheduleInWords(product: ContractProduct, words: Words): string[] {
  const { ramp = [], escalator, accumulate, price_book: book, trial_end_date: trialEnd } = product
  return [
    ...ownCycleInWords(product),
    ...(trialEnd ? [`Free before ${dayInWords(trialEnd)}`] : []),
    ...ramp.map((step) => stepInWords(step, words)),
    ...(escalator ? [escalatorInWords(escalator, words)] : []),
    ...(accumulate ? ['Tiers go on through the contract'] : []),
    ...(product.credit_removals ? ['Removed seats are credited'] : []),
    ...(book ? [`From price book ${book.ref}, version ${book.version}`] : []),
  ]
}

const ownCycleInWords = ({ billing_cycle: cycle, anchor_date: anchor }: ContractProduct): string[] =>
  cycle ? [`Billed ${cycleInWords(cycle)}${anchor ? `, counted from ${dayInWords(anchor)}` : ''}`] : []

function stepInWords({ from, model, modifiers, quantity }: RampStep, { currency, unitName }: Words): string {
  const changes = [
    ...(model ? priceInWords({ model, modifiers }, currency, unitName) : []),
    ...(model || !modifiers ? [] : ['other discounts and limits']),
    ...(quantity === undefined ? [] : [`quantity ${quantity}`]),
  ]
  return `From ${typeof from === 'number' ? `cycle ${from}` : dayInWords(from)}: ${changes.join('; ')}`
}

function escalatorInWords(escalator: NonNullable<ContractProduct['escalator']>, { currency }: Words): string {
  const { every, unit, percent, amount, index } = escalator
  const by =
    percent !== undefined
      ? `${percent} %`
      : amount !== undefined
        ? `${amount} ${currency}`
        : `an index: ${index?.map((rate) => `${rate} %`).join(', ')}`
  return `Rises every ${every === 1 ? unit.slice(0, -1) : `${every} ${unit}`} by ${by}`
}

const PERIOD_WORDS: Record<Commitment['period'], string> = {
  cycle: 'each billing cycle',
  year: 'each year',
  contract: 'the term',
}

export function commitmentInWords({ commitments = [], currency }: ContractTerms): string | null {
  const last = commitments.at(-1)
  if (!last || (last.quantity ?? last.amount) === '0') return null
  const { amount, quantity, product_ref: ref, period, true_up: hasTrueUp, overage_factor: factor } = last
  return [
    `${quantity === undefined ? `${amount} ${currency}` : `${quantity} of ${ref}`} for ${PERIOD_WORDS[period]}`,
    hasTrueUp ? 'what is missing is billed' : 'what is missing is not billed',
    ...(factor === '1' ? [] : [`what goes beyond counts ${factor} times`]),
  ].join(', ')
}

export function renewalInWords(renewal: Renewal | null | undefined, end: LocalDate | null): string | null {
  if (end === null) return null
  if (!renewal?.auto) return 'Ends on its end date'
  if (renewal.notice_date !== null)
    return `Ends on its end date; notice was given on ${dayInWords(renewal.notice_date)}`
  const uplift = renewal.price_uplift_percent
  return [
    `By itself for ${renewal.term_months} months`,
    `${renewal.notice_days} days' notice`,
    ...(uplift === null ? [] : [`prices rise by ${uplift} %`]),
  ].join(', ')
}
