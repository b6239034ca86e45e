/** Why a bank refuses: Stripe's error code, the decline code, and the words for the buyer. */
export type Decline = { code: string; declineCode: string; message: string }

export type TestCard = {
  number: string
  brand: string
  country: string
  decline?: Decline
  /** The card can be saved, and is refused when it is charged. */
  declinesLater?: true
  /** Asks its holder to confirm: each time, or until it was confirmed once while being saved. */
  authentication?: 'always' | 'until_set_up'
}

const declined = (
  declineCode: string,
  message = 'Your card was declined.',
  code = 'card_declined',
): Decline => ({
  code,
  declineCode,
  message,
})

export const AUTHENTICATION_REQUIRED = declined(
  'authentication_required',
  'Your card was declined. This transaction requires authentication.',
  'authentication_required',
)

export const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: '',
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

const INSUFFICIENT = declined('insufficient_funds', 'Your card has insufficient funds.')

/** Stripe's test cards by the id of the PaymentMethod that stands for them. Source: https://docs.stripe.com/testing */
const CARDS: Record<string, TestCard> = {
  pm_card_visa: { number: '4242424242424242', brand: 'visa', country: 'US' },
  pm_card_mastercard: { number: '5555555555554444', brand: 'mastercard', country: 'US' },
  pm_card_amex: { number: '378282246310005', brand: 'amex', country: 'US' },
  pm_card_visa_chargeDeclined: visa('4000000000000002', declined('generic_decline')),
  pm_card_visa_chargeDeclinedInsufficientFunds: visa('4000000000009995', INSUFFICIENT),
  pm_card_visa_chargeDeclinedLostCard: visa('4000000000009987', declined('lost_card')),
  pm_card_visa_chargeDeclinedStolenCard: visa('4000000000009979', declined('stolen_card')),
  pm_card_chargeDeclinedExpiredCard: visa(
    '4000000000000069',
    declined('expired_card', 'Your card has expired.', 'expired_card'),
  ),
  pm_card_chargeDeclinedIncorrectCvc: visa(
    '4000000000000127',
    declined('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc'),
  ),
  pm_card_chargeDeclinedProcessingError: visa(
    '4000000000000119',
    declined(
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
      'processing_error',
    ),
  ),
  pm_card_chargeCustomerFail: {
    ...visa('4000000000000341', declined('generic_decline')),
    declinesLater: true,
  },
  pm_card_authenticationRequired: { ...visa('4000002760003184'), authentication: 'always' },
  pm_card_authenticationRequiredOnSetup: { ...visa('4000002500003155'), authentication: 'until_set_up' },
}

const ALIASES: Record<string, string> = {
  pm_card_chargeDeclined: 'pm_card_visa_chargeDeclined',
  pm_card_chargeDeclinedInsufficientFunds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  pm_card_threeDSecure2Required: 'pm_card_authenticationRequired',
}

export const cardOfTestId = (id: string): TestCard | undefined => CARDS[ALIASES[id] ?? id]

export const cardOfNumber = (number: string): TestCard | undefined =>
  Object.values(CARDS).find((card) => card.number === number)

function visa(number: string, decline?: Decline): TestCard {
  return { number, brand: 'visa', country: 'US', ...(decline && { decline }) }
}
