import type { BillingCycle, CycleUnit } from '../contracts/contract.ts'

/** `accounts_receivable` as people write it: `Accounts receivable`. */
export const inWords = (name: string): string =>
  (name.charAt(0).toUpperCase() + name.slice(1).toLowerCase().replaceAll('_', ' ')).replace(/^Fx\b/, 'FX')

const PERIODS: Record<CycleUnit, string> = {
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  QUARTERLY: 'quarter',
  HALF_YEARLY: 'half-year',
  YEARLY: 'year',
}

/** `every month`, `every 2 weeks` */
export const cycleInWords = ({ unit, cycle }: BillingCycle): string =>
  cycle === 1 ? `every ${PERIODS[unit]}` : `every ${cycle} ${PERIODS[unit]}s`

/** `a month`, `12 months` */
export const spanInWords = ({ unit, cycle }: BillingCycle): string =>
  cycle === 1 ? `a ${PERIODS[unit]}` : `${cycle} ${PERIODS[unit]}s`
