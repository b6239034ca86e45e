import { type Fault, invalidForm, Problem } from './problem.ts'

/** True where nothing was wrong with the form of a part: neither with it, nor with what is around it or within it. */
export type IsRead = (path: string) => boolean

/**
 * An input as far as it could be read. A part that has a fault has a stand-in in `value`, so that all the rest can be
 * judged as if nothing were missing; what is said of a stand-in is of no use, and a rule asks `isRead` before it speaks.
 */
export type Partly<T> = { value: T; faults: readonly Fault[]; isRead: IsRead }

export const isAllRead: IsRead = () => true

export const inWhole = <T>(value: T): Partly<T> => ({ value, faults: [], isRead: isAllRead })

/**
 * Decides about an input. Where its form has faults nothing comes of the decision but more faults: all are told at once.
 * Throws `invalid_request` then, else what the decision throws.
 *
 * @example a date that is none and a product that there is not: one `invalid_request` with both, each at its path
 */
export function decideInFull<T>({ faults }: Pick<Partly<unknown>, 'faults'>, decide: () => T): T {
  if (faults.length === 0) return decide()
  throw invalidForm([...faults, ...faultsThrownBy(decide)])
}

function faultsThrownBy(decide: () => unknown): readonly Fault[] {
  try {
    decide()
    return []
  } catch (error) {
    if (error instanceof Problem) return error.faults
    throw error
  }
}
