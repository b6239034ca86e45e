import type { Minor } from '../kernel/money.ts'
import { compare, decimal, divide, multiply, rational } from '../kernel/rational.ts'
import type { Candidate, Evidence } from './match.ts'

/** The missing part of a payment, where it is exactly the discount for paying early, and the money came in time. */
export function discountTaken({ amount, receivedOn }: Evidence, open: Minor, { discount }: Candidate): Minor {
  if (!discount || receivedOn === undefined || receivedOn > discount.until) return 0n
  return open - amount === discount.amount ? discount.amount : 0n
}

/** The missing part of a payment that is short by no more than the tolerance; of what was written off, nothing. */
export function feeWithin({ amount, tolerance }: Evidence, open: Minor, { lost }: Candidate): Minor {
  const missing = open - amount
  if (!tolerance || missing <= 0n || lost) return 0n
  const share = multiply(rational(open), divide(decimal(tolerance.percent), rational(100n)))
  const isWithin = missing <= tolerance.amount && compare(rational(missing), share) <= 0
  return isWithin ? missing : 0n
}
