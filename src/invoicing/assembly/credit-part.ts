import type { CreditGrant } from '../../credits/grant.ts'
import type { Moved } from '../../credits/movement.ts'
import { apportion } from '../../kernel/apportion.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { allocate, type Minor } from '../../kernel/money.ts'
import { rational } from '../../kernel/rational.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'

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
}

/** Credit after tax that costs what it pays leaves prices as they are, and so does a gift that lowers what is taxed. */
const changesPrices = ({ beforeTax, amount, costBasis, expectedUse }: CreditGrant): boolean =>
  beforeTax ? costBasis > 0n : costBasis < amount || expectedUse !== null

/**
 * What the use of a grant makes of the prices of the lines that it pays for (ASC 606-10-32-2, IFRS 15.47: consideration is
 * what the customer gives, and that is what the credit has cost). Credit after tax pays at its face value, so the price
 * falls by what that is above its cost; credit before tax has lowered the line already, and its cost is added. `paid` is
 * the part of each line of the invoice. The cost is split by largest remainder, and so the parts add up.
 *
 * @example 600.00 of credit at 1,000 for 1,200 pay a line of 450.00 and 150.00 of another: −75.00 and −25.00
 */
export const partsOfUse = (moved: Moved, paid: readonly Minor[], invoice: Invoice): CreditPart[] =>
  creditParts(
    moved,
    invoice,
    invoice.lines
      .map(({ id, ...line }, place) => ({ ...line, lineId: id, paid: paid[place]! }))
      .filter((line) => line.paid !== 0n),
    null,
  )

/** The parts of a movement, by the services that it pays for, or gives back from a day on; they add up to its amount. */
export function creditParts(
  { movement, state: { grant } }: Moved,
  invoice: Pick<Invoice, 'id' | 'contractRef'>,
  services: readonly PaidService[],
  bookedFrom: LocalDate | null,
): CreditPart[] {
  if (!changesPrices(grant)) return []
  const costs = apportion(
    movement.released,
    services.map(({ paid }) => rational(movement.released * paid, movement.amount)),
  )
  return services.map(({ lineId, productRef, serviceStart, serviceEnd, usageByMonth, paid: face }, place) => {
    const paid = movement.kind === 'reinstated' ? -face : face
    const amount = costs[place]! - (grant.beforeTax ? 0n : paid)
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
      usageByMonth: inMonths(usageByMonth, amount),
      bookedFrom,
    }
  })
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
