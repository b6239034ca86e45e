import type { PriceModel } from '../../catalog/price.ts'
import { faultsOfPrice, looksAtEvents, pricesTheWhole } from '../../catalog/price-faults.ts'
import { hasOneAmount, isRate } from '../../catalog/price-scale.ts'
import { isLocalDate } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractProduct } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import type { CycleTerms } from '../periods/schedule.ts'
import { afterStep, rampDay } from './price-schedule.ts'
import type { SoldProduct } from './rule.ts'

type FaultsOfStep = (price: Pick<ContractProduct, 'model' | 'quantity'>) => Fault[]

type Ramped = Pick<
  ContractProduct,
  | 'model'
  | 'modifiers'
  | 'quantity'
  | 'ramp'
  | 'escalator'
  | 'billing_start_date'
  | 'billing_end_date'
  | 'billing_cycle'
  | 'anchor_date'
>

/**
 * What is wrong with the prices that a ramp has after a product's first one; `unfit` says which do not suit the product.
 */
export function faultsOfRamp(
  terms: CycleTerms,
  product: Ramped,
  { kind }: SoldProduct,
  unfit: FaultsOfStep,
): Fault[] {
  const { ramp, escalator } = product
  if (!ramp) return []
  if (kind === 'one_time') return [{ path: 'ramp', message: 'a one-time fee is due once' }]
  if (escalator) return [{ path: 'ramp', message: 'send ramp or escalator, not both' }]
  let day = billingSpan(terms, product).start
  let agreed: Pick<Ramped, 'model' | 'modifiers' | 'quantity'> = product
  return ramp.flatMap((step, place) => {
    const before = agreed
    agreed = afterStep(before, step)
    const from = rampDay({ ...terms, end_date: null }, product, step)
    const isLater = isLocalDate(from) && from > day
    day = from
    const faults = [
      ...(isLater
        ? []
        : [
            {
              path: 'from',
              message: 'must be after the start of the price before it, and before the year 10000',
            },
          ]),
      ...(step.quantity !== undefined && kind === 'usage'
        ? [{ path: 'quantity', message: 'is measured for a usage product' }]
        : []),
      ...(termOf(agreed.model) === termOf(before.model)
        ? []
        : [{ path: 'model.term', message: 'must be that of the price before it' }]),
      ...unfit({ ...agreed, quantity: kind === 'usage' ? '1' : agreed.quantity }),
      ...faultsOfPrice(agreed),
    ]
    return faults.map(({ path, message }) => ({ path: `ramp.${place}.${path}`, message }))
  })
}

const termOf = (model: PriceModel): string | undefined => (model.type === 'flat' ? model.term : undefined)

export function faultsOfEscalator(
  { model, escalator }: Pick<ContractProduct, 'model' | 'escalator'>,
  { kind }: SoldProduct,
): Fault[] {
  if (!escalator) return []
  if (kind === 'one_time') return [{ path: 'escalator', message: 'a one-time fee is due once' }]
  if (isRate(model)) return [{ path: 'escalator', message: 'raises amounts, and this price is a rate' }]
  return escalator.amount !== undefined && !hasOneAmount(model)
    ? [{ path: 'escalator.amount', message: 'needs a price of one amount: flat, unit or package' }]
    : []
}

/** Amounts that are judged for a cycle have no meaning where the price is that of the whole contract. */
const OF_ONE_CYCLE = ['amount_discount', 'maximum_amount', 'minimum_amount'] as const

export function faultsOfAccumulation(
  product: Pick<ContractProduct, 'model' | 'modifiers' | 'ramp' | 'accumulate'>,
  { kind, metric }: SoldProduct,
): Fault[] {
  const { accumulate, ramp } = product
  if (!accumulate) return []
  const path = 'accumulate'
  if (kind !== 'usage') return [{ path, message: 'is for usage' }]
  if (metric && (metric.group_by || (metric.type !== 'sum' && metric.type !== 'count'))) {
    return [{ path, message: 'needs a metric that adds up over cycles: sum or count, without group_by' }]
  }
  const models = [product.model, ...(ramp ?? []).flatMap((step) => step.model ?? [])]
  const unfit = models.find(
    (model) => pricesTheWhole(model) || looksAtEvents(model) || NO_TIERS.has(model.type),
  )
  if (unfit) {
    return [{ path, message: `a ${unfit.type} price has no tiers that go on from one cycle to the next` }]
  }
  const modifiers = [product.modifiers ?? {}, ...(ramp ?? []).flatMap((step) => step.modifiers ?? [])]
  return OF_ONE_CYCLE.filter((name) => modifiers.some((one) => one[name] !== undefined)).map((name) => ({
    path: `modifiers.${name}`,
    message: 'holds for a cycle, and tiers that accumulate are priced over the contract',
  }))
}

const NO_TIERS = new Set<PriceModel['type']>(['matrix', 'capacity', 'event_amounts'])
