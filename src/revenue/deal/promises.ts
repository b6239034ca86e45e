import type { LocalDate } from '../../kernel/calendar.ts'
import type { PromisedService } from '../modification/amendment.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import { renewalSaid } from './renewals.ts'

/** An obligation as the deal states it, with what the two frameworks read differently. */
export type DealObligation = PromisedService & {
  /** It ships another obligation's goods after control of them has passed. */
  shipsGoodsOf?: string
  /** It renews a licence: agreed on this date, for a period that begins when the obligation is satisfied. */
  renewalAgreedOn?: LocalDate
}

/** Step 2: what counts as promised under the policy, and why that is not all that was stated. */
export function promisesOf(
  obligations: readonly DealObligation[],
  policy: RevenuePolicy,
): { promises: PromisedService[]; reasons: Reason[] } {
  const counted = obligations.filter(
    ({ shipsGoodsOf }) => shipsGoodsOf === undefined || !policy.shippingIsFulfilment,
  )
  const shipping = counted.length < obligations.length ? [SHIPPING_SAID] : []
  const renewals = counted.some(({ renewalAgreedOn }) => renewalAgreedOn !== undefined)
  const breakage = counted.some(({ measure }) => measure.by === 'units' && measure.expires !== undefined)
  return {
    promises: counted.map((obligation) => renewed(obligation, policy)),
    reasons: [...shipping, ...(renewals ? [renewalSaid(policy)] : []), ...(breakage ? [BREAKAGE_SAID] : [])],
  }
}

/** Under IFRS 15 a renewed licence may be revenue when the renewal is agreed; US GAAP waits for its period. */
function renewed(obligation: DealObligation, policy: RevenuePolicy): PromisedService {
  const { renewalAgreedOn, measure } = obligation
  const isEarlier = renewalAgreedOn !== undefined && !policy.renewalWaitsForItsPeriod
  return isEarlier && measure.by === 'point_in_time'
    ? { ...obligation, measure: { by: 'point_in_time', date: renewalAgreedOn } }
    : obligation
}

const SHIPPING_SAID = reason(
  'shipping',
  'By election shipping after control has passed is no promise of its own.',
)
const BREAKAGE_SAID = reason(
  'breakage',
  'What is expected to stay unused is revenue in proportion to use, and the rest of it on expiry.',
)
