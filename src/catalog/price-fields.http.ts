import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField } from '../http/fields.http.ts'
import type { Fault } from '../kernel/problem.ts'
import { compare, decimal, isZero, type RoundingMode, rational } from '../kernel/rational.ts'

export const TIERS_MAX = 100

/** For what is divided by, or counted in. */
export const positiveDecimalField = nonNegativeDecimalField.refine(
  (text) => !isZero(decimal(text)),
  'must be above zero',
)

/** A part of an amount that is taken off it. */
export const discountPercentField = nonNegativeDecimalField.refine(
  (text) => compare(decimal(text), rational(100n)) <= 0,
  'must not be above 100',
)

const MODES = [
  'up',
  'down',
  'ceil',
  'floor',
  'half_up',
  'half_even',
] as const satisfies readonly RoundingMode[]

export const roundingField = z.enum(MODES)
export const optionalRoundingField = z.enum(['none', ...MODES])

type Context = { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void }

/** A check of values that are right one by one; each fault stands at its own path. */
export const refinedBy =
  <T>(faultsOf: (value: T) => readonly Fault[]) =>
  (value: T, context: Context): void => {
    for (const { path, message } of faultsOf(value)) {
      context.addIssue({ code: 'custom', path: path.split('.'), message })
    }
  }
