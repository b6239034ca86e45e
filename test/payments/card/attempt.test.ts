import { expect, it } from 'vitest'
import { isUntried, readAttempt } from '../../../src/payments/card/attempt.ts'

const declined = { code: 'card_declined', decline_code: 'insufficient_funds' }
const expired = { code: 'expired_card' }
const unconfirmed = { code: 'authentication_required', decline_code: 'authentication_required' }

it.each([
  ['succeeded', null, 'succeeded', null],
  ['canceled', null, 'canceled', null],
  ['processing', null, 'pending', null],
  ['requires_payment_method', null, 'pending', null],
  ['requires_confirmation', null, 'pending', null],
  ['requires_payment_method', declined, 'declined', 'insufficient_funds'],
  ['requires_payment_method', expired, 'declined', 'expired_card'],
  ['requires_payment_method', {}, 'declined', 'unknown'],
  ['requires_payment_method', unconfirmed, 'needs_customer', 'authentication_required'],
  ['requires_action', null, 'needs_customer', 'authentication_required'],
] as const)(
  'an intent that is %s with the error %o is %s',
  (status, last_payment_error, outcome, declineCode) => {
    expect(readAttempt({ status, last_payment_error })).toEqual({ outcome, declineCode })
  },
)

it('an intent counts as untried until the card has answered', () => {
  expect(isUntried({ status: 'requires_payment_method', last_payment_error: null })).toBe(true)
  expect(isUntried({ status: 'requires_confirmation', last_payment_error: null })).toBe(true)
  expect(isUntried({ status: 'requires_payment_method', last_payment_error: declined })).toBe(false)
  expect(isUntried({ status: 'succeeded', last_payment_error: null })).toBe(false)
})
