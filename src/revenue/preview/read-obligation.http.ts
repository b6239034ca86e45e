import type { KnownSsp } from '../allocation/ssp.ts'
import type { DealObligation } from '../deal/promises.ts'
import type { UsageCharges } from '../deal/usage-charges.ts'
import type { PromisedService } from '../modification/amendment.ts'
import type { Amounts } from './amounts.http.ts'
import type { DealBody } from './deal.http.ts'
import type { AddedBody, ObligationBody } from './obligation.http.ts'
import { fault, readMeasure } from './read-measure.http.ts'
import { readKnownSsp, readSsp } from './read-ssp.http.ts'

/** Reads a promise of a deal; its selling price may be missing where it is the only one. */
export function readObligation(
  own: ObligationBody,
  body: DealBody,
  amounts: Amounts,
  path: string,
): DealObligation {
  const isOnly = body.obligations.length === 1
  if (own.usage_policy !== undefined)
    throw fault(`${path}.usage_policy`, 'belongs to usage that is billed as used, without a selling price')
  if (own.ssp === undefined && !isOnly) throw fault(`${path}.ssp`, 'is needed beside other obligations')
  return {
    key: own.key,
    ssp: own.ssp === undefined ? priceAsSsp(body, amounts) : readSsp(own.ssp, amounts, `${path}.ssp`),
    measure: readMeasure(own, path),
    isSeries: isSeries(own),
    ...(own.shipping_of === undefined ? {} : { shipsGoodsOf: own.shipping_of }),
    ...(own.renewal_agreed_on === undefined ? {} : { renewalAgreedOn: own.renewal_agreed_on }),
  }
}

/** An obligation that is alone gets the whole price, and weighs that much when others join it. */
const priceAsSsp = ({ transaction_price: price }: DealBody, amounts: Amounts): KnownSsp => ({
  is: 'point',
  amount: amounts.exact(price.replace('-', '')),
})

const isSeries = ({ series, recognition }: Pick<ObligationBody, 'series' | 'recognition'>): boolean =>
  series ?? recognition !== 'milestone'

/** Reads a promise that a modification adds. */
export const readAdded = (own: AddedBody, amounts: Amounts, path: string): PromisedService<KnownSsp> => ({
  key: own.key,
  ssp: readKnownSsp(own.ssp, amounts, `${path}.ssp`),
  measure: readMeasure(own, path),
  isSeries: isSeries(own),
})

/** Reads what is recognised as invoiced. */
export function readUsage(own: ObligationBody, amounts: Amounts, path: string): UsageCharges {
  const { key, events, usage_policy: policy = 'right_to_invoice' } = own
  const charges = events.map(({ date, amount }, place) => {
    if (amount === undefined) {
      throw fault(`${path}.events.${place}.amount`, 'is needed of usage without an SSP: what may be invoiced')
    }
    return { date, amount: amounts.minor(amount, `${path}.events.${place}.amount`) }
  })
  return { key, policy, charges }
}
