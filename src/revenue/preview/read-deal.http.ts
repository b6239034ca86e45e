import { invalid } from '../../kernel/problem.ts'
import type { Billing } from '../deal/billing.ts'
import type { Deal } from '../deal/deal.ts'
import { policyOf, type RevenuePolicy } from '../policy.ts'
import { amountsIn } from './amounts.http.ts'
import type { DealBody } from './deal.http.ts'
import type { ObligationBody } from './obligation.http.ts'
import { readChange } from './read-change.http.ts'
import { fault } from './read-measure.http.ts'
import { readObligation, readUsage } from './read-obligation.http.ts'
import {
  readBilling,
  readBundle,
  readCriteria,
  readNonRefundable,
  readPolicy,
  readPrice,
} from './read-terms.http.ts'

/** What a request asks for, in the terms of the core. */
export type DealQuestion = {
  deal: Deal
  policy: RevenuePolicy
  billings: Billing[]
  /** Obligations that only time keeps from being invoiced. */
  unconditional: ReadonlySet<string>
}

/** Reads a request into the core's terms; whatever does not fit is a 422 that names its place. */
export function readDeal(body: DealBody): DealQuestion {
  const amounts = amountsIn(body.currency)
  requireDistinct(body.obligations)
  const isUsage = (own: ObligationBody) => own.recognition === 'usage' && own.ssp === undefined
  const deal: Deal = {
    criteria: readCriteria(body),
    nonRefundable: readNonRefundable(body, amounts),
    price: readPrice(body, amounts),
    obligations: body.obligations.flatMap((own, place) =>
      isUsage(own) ? [] : readObligation(own, body, amounts, `obligations.${place}`),
    ),
    usage: body.obligations.flatMap((own, place) =>
      isUsage(own) ? readUsage(own, amounts, `obligations.${place}`) : [],
    ),
    changes: body.modifications.map((change, place) => readChange(change, amounts, `modifications.${place}`)),
    ...readBundle(body, amounts),
  }
  return {
    deal,
    policy: policyOf(body.framework, readPolicy(body)),
    billings: body.billings.map((line, place) => readBilling(line, amounts, `billings.${place}.amount`)),
    unconditional: new Set(body.obligations.filter((own) => isDueByTime(own)).map(({ key }) => key)),
  }
}

/** Usage may be invoiced as it happens; anything else is held to depend on more than time. */
const isDueByTime = ({ right, recognition }: ObligationBody): boolean =>
  (right ?? (recognition === 'usage' ? 'unconditional' : 'conditional')) === 'unconditional'

function requireDistinct(obligations: readonly ObligationBody[]): void {
  const place = obligations.findIndex(({ key }, at) => obligations.findIndex((own) => own.key === key) < at)
  if (place >= 0) throw fault(`obligations.${place}.key`, 'is given to another obligation already')
  if (obligations.filter(({ ssp }) => typeof ssp === 'object' && 'residual' in ssp).length < 2) return
  throw invalid(
    'residual_not_allowed',
    'At most one obligation can take what is left; estimate the selling prices of the others.',
  )
}
