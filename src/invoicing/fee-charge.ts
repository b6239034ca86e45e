import type { ContractProduct } from '../contracts/contract.ts'
import { pricesOver } from '../contracts/price-schedule.ts'
import { prorationFactor, servicePeriod } from '../contracts/proration.ts'
import { boundaryDate, boundaryFrom, cyclePeriod, lastBoundary } from '../contracts/schedule.ts'
import { addDays } from '../kernel/calendar.ts'
import { toMinor } from '../kernel/money.ts'
import { compare, decimal, ONE, type Rational, reduce } from '../kernel/rational.ts'
import { rate } from '../rating/rate.ts'
import { ofQuantity } from '../rating/rated-usage.ts'
import { agreedProducts, type BilledProduct, type Charge, type ChargeBasis, lineDetail } from './charge.ts'

/** The recurring fees due at boundary k: those in arrears for cycle k, those in advance for cycle k + 1. */
export function recurringCharges(basis: ChargeBasis, boundary: number): Charge[] {
  const last = lastBoundary(basis.terms)
  return agreedProducts(basis, 'recurring').flatMap(({ agreed, product }) => {
    const cycleNo = isInAdvance(agreed) ? boundary + 1 : boundary
    if (cycleNo < 1 || (last !== null && cycleNo > last)) return []
    return pricesOver(basis.terms, agreed, cyclePeriod(basis.terms, cycleNo)).flatMap((price) =>
      recurringCharge(basis, price, product, cycleNo),
    )
  })
}

/** One-time fees, each due at the first boundary on or after its day. */
export function oneTimeCharges(basis: ChargeBasis, boundary: number): Charge[] {
  const { terms } = basis
  return agreedProducts(basis, 'one_time').flatMap(({ agreed, product }) => {
    const day = agreed.billing_start_date ?? terms.start_date
    if (boundaryFrom(terms, day) !== boundary) return []
    return {
      ...feeLine(basis, agreed, ONE),
      kind: 'one_time' as const,
      productRef: product.ref,
      description: product.name,
      serviceStart: day,
      serviceEnd: addDays(day, 1),
      serviceCycleNo: day < boundaryDate(terms, boundary) ? boundary : boundary + 1,
    }
  })
}

function recurringCharge(
  basis: ChargeBasis,
  agreed: ContractProduct,
  product: BilledProduct,
  cycleNo: number,
): Charge[] {
  const { billing_start_date: from, billing_end_date: to } = agreed
  const service = servicePeriod(basis.terms, cycleNo, from, to)
  if (!service) return []
  return [
    {
      ...feeLine(basis, agreed, prorationFactor(basis.terms, cycleNo, from, to)),
      kind: 'recurring',
      productRef: product.ref,
      description: product.name,
      serviceStart: service.start,
      serviceEnd: service.end,
      serviceCycleNo: cycleNo,
    },
  ]
}

/** The price of the quantity for its part of the period, as one exact amount that is rounded once. */
function feeLine({ terms, rounding }: ChargeBasis, agreed: ContractProduct, factor: Rational) {
  const rated = rate(agreed, ofQuantity(decimal(agreed.quantity)), { factor })
  const amount = toMinor(rated.amount, terms.currency, rounding)
  const rows = rated.detail.map((row) => ({ ...row, description: row.description + partInWords(factor) }))
  return {
    quantity: agreed.quantity,
    unitAmount: agreed.model.type === 'flat' ? agreed.model.amount : null,
    amount,
    detail: rows.length > 1 || !isWhole(factor) ? lineDetail(rows, amount, terms.currency) : [],
    usageByMonth: {},
  }
}

const isInAdvance = ({ model }: ContractProduct): boolean =>
  model.type === 'flat' && model.term === 'in_advance'

const isWhole = (factor: Rational): boolean => compare(factor, ONE) === 0

function partInWords(factor: Rational): string {
  if (isWhole(factor)) return ''
  const { num, den } = reduce(factor)
  return `, ${num}/${den} of the period`
}
