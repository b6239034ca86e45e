import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Charge } from '../charges/charge.ts'
import type { InvoiceLine } from '../invoice.ts'

/** What a contract that has no invoice to come gives back by credit notes, of one product for some days of a cycle. */
export type OwedCredit = {
  of: 'fees' | 'usage' | 'commitment'
  productRef: string
  cycleNo: number
  /** Minor units above zero, as the lines are priced: before discounts and taxes. */
  amount: string
  serviceStart: LocalDate
  serviceEnd: LocalDate
}

/**
 * What charges below zero owe, each for its own days, so that revenue falls away for these. What is charged besides for
 * the same product and cycle is taken off: of the same days first, then of what is owed for the latest.
 */
export const owedCredits = (charges: readonly Charge[]): OwedCredit[] =>
  [...Map.groupBy(charges, identityOf).values()].flatMap(owedOfProduct)

function owedOfProduct(charges: readonly Charge[]): OwedCredit[] {
  const byDays = [...Map.groupBy(charges, daysOf).values()].map((same) => ({
    charge: same[0]!,
    owed: -sum(same.map(({ amount }) => amount)),
  }))
  let charged = -sum(byDays.filter(({ owed }) => owed < 0n).map(({ owed }) => owed))
  return byDays
    .filter(({ owed }) => owed > 0n)
    .sort((one, other) => (one.charge.serviceStart > other.charge.serviceStart ? -1 : 1))
    .flatMap(({ charge, owed }) => {
      const less = owed < charged ? owed : charged
      charged -= less
      return owed > less ? [owedFor(charge, owed - less)] : []
    })
}

/** What an issued line below zero has given back, as if it were owed once more. */
export const owedOf = (line: InvoiceLine, amount: Minor): OwedCredit => owedFor(line, amount)

type Service = Pick<Charge, 'kind' | 'productRef' | 'serviceCycleNo' | 'serviceStart' | 'serviceEnd'>

const owedFor = (
  { kind, productRef, serviceCycleNo, serviceStart, serviceEnd }: Service,
  amount: Minor,
): OwedCredit => ({
  of: OF[kind] ?? 'fees',
  productRef,
  cycleNo: serviceCycleNo,
  amount: amount.toString(),
  serviceStart,
  serviceEnd,
})

const OF: Partial<Record<Charge['kind'], OwedCredit['of']>> = {
  usage_adjustment: 'usage',
  true_up: 'commitment',
}

const KIND = { fees: 'change', usage: 'usage_adjustment', commitment: 'true_up' } as const

/** What is owed, as the line that no invoice could take. */
export const owedLine = ({ of, productRef, cycleNo, amount }: OwedCredit) => ({
  kind: KIND[of],
  productRef,
  serviceCycleNo: cycleNo,
  amount: -BigInt(amount),
})

const identityOf = ({ kind, productRef, serviceCycleNo }: Charge): string =>
  JSON.stringify([kind, productRef, serviceCycleNo])

const daysOf = ({ serviceStart, serviceEnd }: Charge): string => `${serviceStart} ${serviceEnd}`
