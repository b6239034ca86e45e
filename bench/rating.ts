import { formatDecimal, type Rational, rational } from '../src/kernel/rational.ts'
import { rate } from '../src/rating/rate.ts'
import { ofQuantity } from '../src/rating/rated-usage.ts'
import { rateInFloats, spreadThousandths, TIERED } from './tiers.ts'

/**
 * How many prices of a four-tier model one core works out in a second, exactly, beside the same sum in floats. Both look at
 * the same quantities in the same run, so their ratio hardly hangs on the machine.
 *
 * Run by `npm run bench:rating`; fails below the floor.
 */
const FLOOR_PER_SECOND = 20_000
const ROUNDS = 7
const RATINGS = 50_000

const thousandths = spreadThousandths(RATINGS)
const exactQuantities = thousandths.map((units) => rational(BigInt(units), 1000n))
const floatQuantities = thousandths.map((units) => units / 1000)

const rateExactly = (quantity: Rational): Rational => rate({ model: TIERED }, ofQuantity(quantity)).amount

/** Ratings per second of the best round: what disturbs a machine only ever makes it slower. */
function perSecond<T>(quantities: readonly T[], rateOne: (quantity: T) => unknown): number {
  let best = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    // Results are kept, so that no compiler leaves out the work.
    const results: unknown[] = []
    const start = performance.now()
    for (const quantity of quantities) results.push(rateOne(quantity))
    best = Math.max(best, results.length / ((performance.now() - start) / 1000))
  }
  return Math.round(best)
}

/** Both must have worked out the same, but for what floats lose. */
function checkAgreement(): void {
  for (const [place, quantity] of exactQuantities.entries()) {
    const exact = Number(formatDecimal(rateExactly(quantity)))
    if (Math.abs(exact - rateInFloats(floatQuantities[place]!)) > 1e-6) {
      throw new Error(`exact and float prices of ${floatQuantities[place]} units differ`)
    }
  }
}

checkAgreement()
const exact = perSecond(exactQuantities, rateExactly)
const floats = perSecond(floatQuantities, rateInFloats)
const figures = (value: number) => value.toLocaleString('en')
console.log(`four tiers, exact     ${figures(exact)} ratings/s on one core`)
console.log(`four tiers, in floats ${figures(floats)} ratings/s`)
console.log(
  `floats are ${(floats / exact).toFixed(1)} times as fast; the floor is ${figures(FLOOR_PER_SECOND)}/s`,
)
if (exact < FLOOR_PER_SECOND) process.exitCode = 1
