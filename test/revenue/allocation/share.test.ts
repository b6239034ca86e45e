import { expect, it } from 'vitest'
import { rational } from '../../../src/kernel/rational.ts'
import { shareAt } from '../../../src/revenue/allocation/share.ts'

/** Exact tenths of a minor unit, the whole share, progress in tenths, and what is earned by then. */
it.each([
  [33333n, 3333n, 5n, 1667n], // 3,333.3 × 0.5 = 1,666.65
  [-33333n, -3333n, 5n, -1667n],
  [33335n, 3333n, 10n, 3333n],
  [7n, 0n, 9n, 0n], // 0.63 would be 1, but other shares have the whole unit
  [-7n, 0n, 9n, 0n],
  [-6n, 1n, 9n, 0n], // −0.54 would be −1
])('of %d tenths, shared out as %d, at %d tenths %d is earned', (exact, minor, done, earned) => {
  const share = { exact: rational(exact, 10n), minor }
  expect(shareAt(share, rational(done, 10n), 'half_up')).toBe(earned)
})
