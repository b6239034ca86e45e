import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Charge } from '../charges/charge.ts'
import type { InvoiceLine } from '../invoice.ts'

/** What a contract that has no invoice to come gives back by credit notes, of the lines of one product and cycle. */
export type OwedCredit = {
  of: 'fees' | 'usage' | 'commitment'
  productRef: string
  cycleNo: number
  /** Minor units above zero, as the lines are priced: before discounts and taxes. */
  amount: string
  serviceStart: LocalDate
  serviceEnd: LocalDate
}

/** What charges below zero owe, less those above zero of the same product and cycle. */
export const owedCredits = (charges: readonly Charge[]): OwedCredit[] =>
  [...Map.groupBy(charges, identityOf).values()].flatMap((set) => {
    const owed = -sum(set.map(({ amount }) => amount))
    const taken = set.filter(({ amount }) => amount < 0n)
    const [first] = taken
    if (!first || owed <= 0n) return []
    return {
      of: OF[first.kind] ?? 'fees',
      productRef: first.productRef,
      cycleNo: first.serviceCycleNo,
      amount: owed.toString(),
      serviceStart: taken.map(({ serviceStart }) => serviceStart).sort()[0]!,
      serviceEnd: taken
        .map(({ serviceEnd }) => serviceEnd)
        .sort()
        .at(-1)!,
    }
  })

/** What an issued line below zero has given back, as if it were owed once more. */
export const owedOf = (line: InvoiceLine, amount: Minor): OwedCredit => ({
  of: OF[line.kind] ?? 'fees',
  productRef: line.productRef,
  cycleNo: line.serviceCycleNo,
  amount: amount.toString(),
  serviceStart: line.serviceStart,
  serviceEnd: line.serviceEnd,
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
