import type { CreditGrant } from '../../credits/grant.ts'
import type { Moved } from '../../credits/movement.ts'
import { apportion } from '../../kernel/apportion.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { allocate, type Minor, sum } from '../../kernel/money.ts'
import { rational } from '../../kernel/rational.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import type { OpenService } from './open-service.ts'

/** What credit pays of a line, and how that changes the price of the line; minor units, below zero where it goes back. */
export type CreditPart = {
  id: string
  movementId: string
  grantRef: string
  invoiceId: string
  contractRef: string
  lineId: string
  productRef: string
  paid: Minor
  amount: Minor
  serviceStart: LocalDate
  serviceEnd: LocalDate
  usageByMonth: Record<string, string>
  bookedFrom: LocalDate | null
}

/** The service of a line that credit pays for, or of which it goes back, and the face value of that. */
export type PaidService = Pick<InvoiceLine, 'productRef' | 'serviceStart' | 'serviceEnd' | 'usageByMonth'> & {
  lineId: string
  paid: Minor
  /** The same by months of use, where it is known of them. */
  paidByMonth?: ReadonlyMap<string, Minor> | undefined
}

/** Credit after tax that costs what it pays leaves prices as they are, and so does a gift that lowers what is taxed. */
const changesPrices = ({ beforeTax, amount, costBasis, expectedUse }: CreditGrant): boolean =>
  beforeTax ? costBasis > 0n : costBasis < amount || expectedUse !== null

/**
 * What the use of a grant makes of the prices of the lines that it pays for (ASC 606-10-32-2, IFRS 15.47: consideration is
 * what the customer gives, and that is what the credit has cost). Credit after tax pays at its face value, so the price
 * falls by what that is above its cost; credit before tax has lowered the line already, and its cost is added. `paid` is
 * what each of the services gets. The cost is split by largest remainder, and so the parts add up.
 *
 * @example 600.00 of credit at 1,000 for 1,200 pay a line of 450.00 and 150.00 of another: −75.00 and −25.00
 */
export function partsOfUse(
  moved: Moved,
  services: readonly OpenService[],
  paid: readonly Minor[],
  invoice: Invoice,
): CreditPart[] {
  const uses = services.map(({ place, month }, at) => ({ place, month, paid: paid[at]! }))
  const byLine = Map.groupBy(
    uses.filter((use) => use.paid !== 0n),
    ({ place }) => place,
  )
  const lines = [...byLine].map(([place, own]): PaidService => {
    const { id, ...line } = invoice.lines[place]!
    const months = own.flatMap(({ month, paid: part }) => (month === null ? [] : [[month, part] as const]))
    const paidByMonth = months.length > 0 ? new Map(months) : undefined
    return { ...line, lineId: id, paid: sum(own.map((use) => use.paid)), paidByMonth }
  })
  return creditParts(moved, invoice, lines, null)
}

/** The parts of a movement, by the services that it pays for, or gives back from a day on; they add up to its amount. */
export function creditParts(
  { movement, state: { grant } }: Moved,
  invoice: Pick<Invoice, 'id' | 'contractRef'>,
  services: readonly PaidService[],
  bookedFrom: LocalDate | null,
): CreditPart[] {
  if (!changesPrices(grant)) return []
  const costs = inParts(
    movement.released,
    services.map(({ paid }) => paid),
  )
  return services.map((service, place) => {
    const { lineId, productRef, serviceStart, serviceEnd } = service
    const paid = movement.kind === 'reinstated' ? -service.paid : service.paid
    const cost = costs[place]!
    const amount = cost - (grant.beforeTax ? 0n : paid)
    return {
      id: derivedId('cp', movement.id, place + 1),
      movementId: movement.id,
      grantRef: grant.ref,
      invoiceId: invoice.id,
      contractRef: invoice.contractRef,
      lineId,
      productRef,
      paid,
      amount,
      serviceStart,
      serviceEnd,
      usageByMonth: service.paidByMonth
        ? pricesOf(service.paidByMonth, cost)
        : inMonths(service.usageByMonth, amount),
      bookedFrom,
    }
  })
}

/** An amount in proportion to parts that are all of something, of either sign, by largest remainder. */
function inParts(amount: Minor, parts: readonly Minor[]): Minor[] {
  const whole = sum(parts)
  return apportion(
    amount,
    parts.map((part) => rational(amount * part, whole)),
  )
}

/** By how much the price of each month differs, whose credit after tax has cost so much together. */
function pricesOf(paidByMonth: ReadonlyMap<string, Minor>, cost: Minor): Record<string, string> {
  const costs = inParts(cost, [...paidByMonth.values()])
  return Object.fromEntries(
    [...paidByMonth].map(([month, paid], place) => [month, String(costs[place]! - paid)]),
  )
}

/** An amount in the months of use, as these were billed; a month that only corrects others has nothing of it. */
function inMonths(usageByMonth: Record<string, string>, amount: Minor): Record<string, string> {
  const months = Object.keys(usageByMonth)
  const billed = Object.values(usageByMonth).map(BigInt)
  const isCharged = billed.some((part) => part > 0n)
  const parts = allocate(
    amount,
    billed.map((part) => (isCharged === part > 0n ? magnitude(part) : 0n)),
  )
  return Object.fromEntries(months.map((month, place) => [month, String(parts[place]!)]))
}

const magnitude = (minor: Minor): Minor => (minor < 0n ? -minor : minor)
