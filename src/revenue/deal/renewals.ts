import type { LocalDate } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import type { AddedPromise, Amendment } from '../modification/amendment.ts'
import { changesNoPromise } from '../modification/choose-treatment.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'

/**
 * An amendment as the policy reads its renewals of licences. US GAAP waits for the renewal period, from which on the
 * customer can use and benefit from it (ASC 606-10-55-58C). Under IFRS 15 the customer who has the licence already gets
 * the longer right when it is agreed: that part is an amendment of its own, on that earlier day (IFRS 15.B61, BC414S to
 * BC414U). What else the amendment changes stays on its day.
 *
 * @example agreed on 15 November for the next year: under IFRS 15 the licence is revenue of November, its support of
 *   the next year
 */
export function withRenewals(amendment: Amendment, policy: RevenuePolicy): Amendment[] {
  if (policy.renewalWaitsForItsPeriod) return [amendment]
  const { date, priceChange, ...others } = amendment
  const adds = amendment.adds.map(whenAgreed)
  const early = adds.filter((added) => agreedOn(added, date) < date)
  if (early.length === 0) return [{ ...amendment, adds }]
  const days = [...Map.groupBy(early, (added) => agreedOn(added, date))]
  const renewed = days.map(([day, licences]): Amendment => {
    const price = sum(licences.map(({ renewal }) => renewal?.price ?? 0n))
    return { ...others, date: day, priceChange: price, adds: licences, changes: [], removes: [], credits: [] }
  })
  const rest = {
    ...amendment,
    adds: adds.filter((added) => !early.includes(added)),
    priceChange: priceChange - sum(renewed.map((own) => own.priceChange)),
  }
  return rest.credits.length === 0 && changesNoPromise(rest) ? renewed : [...renewed, rest]
}

const whenAgreed = (added: AddedPromise): AddedPromise =>
  added.renewal === undefined
    ? added
    : { ...added, measure: { by: 'point_in_time', date: added.renewal.agreedOn } }

const agreedOn = ({ renewal }: AddedPromise, otherwise: LocalDate): LocalDate =>
  renewal?.agreedOn ?? otherwise

/** When a renewed licence is revenue under the policy. */
export const renewalSaid = ({ renewalWaitsForItsPeriod: waits }: RevenuePolicy): Reason =>
  reason(
    'licence_renewal',
    waits
      ? 'Revenue of a renewed licence waits for the renewal period.'
      : 'A renewed licence is revenue when the renewal is agreed.',
  )
