import { z } from 'zod'
import { invalidRequest } from './fault.ts'
import { integer } from './params.ts'

export const currencyParam = z
  .string()
  .regex(/^[A-Za-z]{3}$/)
  .transform((code) => code.toLowerCase())
export const amountParam = integer

/** The smallest charge of some currencies. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
// biome-ignore format: a table reads better in few lines
const MINIMUM: Record<string, number> = {
  usd: 50, eur: 50, gbp: 30, jpy: 50, aud: 50, cad: 50, chf: 50, nzd: 50, sgd: 50, brl: 50,
  dkk: 250, nok: 300, sek: 300, hkd: 400, mxn: 1000, pln: 200, czk: 1500, huf: 17500, ron: 200,
}

/** Currencies whose amounts must end in zeros: no minor unit, yet sent in hundredths; or three decimals. */
const STEP: Record<string, number> = { isk: 100, ugx: 100, bhd: 10, jod: 10, kwd: 10, omr: 10, tnd: 10 }

const AMOUNT_MAX = 99_999_999

/** Throws what Stripe answers for an amount that cannot be charged. */
export function requireChargeable(amount: number, currency: string, param: string): void {
  const step = STEP[currency] ?? 1
  if (amount < 1 || amount % step !== 0) {
    throw invalidRequest(
      amount < 1
        ? 'This value must be greater than or equal to 1.'
        : `Invalid amount: amounts in ${currency} must be divisible by ${step}.`,
      { code: 'parameter_invalid_integer', param },
    )
  }
  if (amount < (MINIMUM[currency] ?? 1)) {
    throw invalidRequest(`Amount must be at least ${MINIMUM[currency]} in the smallest unit of ${currency}`, {
      code: 'amount_too_small',
      param,
    })
  }
  if (amount > AMOUNT_MAX) {
    throw invalidRequest(`Amount must be no more than ${AMOUNT_MAX} in the smallest unit of ${currency}`, {
      code: 'amount_too_large',
      param,
    })
  }
}
