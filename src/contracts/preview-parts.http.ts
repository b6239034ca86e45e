import type { Parts } from '../http/partly.http.ts'

/** No end is before this start, and no cycle shorter than this one: nothing is found wrong with either. */
const ANY_TERMS = { start_date: '1900-01-01', billing_cycle: { unit: 'DAILY' } }

/** The parts that terms are read by whose periods are asked for. */
export const periodsParts: Parts = { open: [], standIns: { '': ANY_TERMS, ...ANY_TERMS } }

const ANY_CHANGE = {
  ...ANY_TERMS,
  currency: 'USD',
  date: '2000-01-01',
  change: { type: 'cancellation', price: '0' },
}

/** Those of a change inside a period. */
export const changeParts: Parts = { open: [], standIns: { '': ANY_CHANGE, ...ANY_CHANGE } }
