import { decimal, type Rational } from '../kernel/rational.ts'

/** `2.5` is 0.025. */
export function percent(text: string): Rational {
  const { num, den } = decimal(text)
  return { num, den: den * 100n }
}
