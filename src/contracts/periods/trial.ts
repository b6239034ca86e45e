import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from './billing-span.ts'

/** A trial as it is asked for: by its length, or by the first day that is paid for. */
export type AskedTrial = { trial_days?: number | undefined }

/**
 * The first day that a product is paid for: the end of its trial, or the day it begins on. The days of a trial belong to
 * their billing cycles, so the paid part of a cycle prorates from this day on.
 */
export function paidFrom(
  terms: Pick<ContractTerms, 'start_date' | 'end_date'>,
  product: Pick<ContractProduct, 'billing_start_date' | 'billing_end_date' | 'trial_end_date'>,
): LocalDate {
  const { start } = billingSpan(terms, product)
  const { trial_end_date: trialEnd } = product
  return trialEnd !== undefined && trialEnd > start ? trialEnd : start
}

/** The product with the date of its trial's end: a trial of so many days is counted from the day it begins on. */
export function withTrialEnd(
  { trial_days: days, ...product }: ContractProduct & AskedTrial,
  start: LocalDate,
): ContractProduct {
  return days === undefined ? product : { ...product, trial_end_date: addDays(start, days) }
}

/** The first day that a price is paid for, or null where that is the contract's first one. */
export const paidStart = ({
  billing_start_date: start,
  trial_end_date: trialEnd,
}: Pick<ContractProduct, 'billing_start_date' | 'trial_end_date'>): LocalDate | null =>
  trialEnd !== undefined && (start === null || trialEnd > start) ? trialEnd : start
