import { burnEntries } from '../../credits/credit-entry.ts'
import type { Moved } from '../../credits/movement.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { type CreditPart, creditParts, type PaidService } from '../assembly/credit-part.ts'
import type { Invoice } from '../invoice.ts'
import type { LineReversal } from './line-reversal.ts'

type Returned = {
  invoice: Invoice
  /** What credit has paid of its lines so far. */
  parts: readonly CreditPart[]
  /** What the document takes back of its lines. */
  reversals: readonly LineReversal[]
  /** Of credit before tax, what of it goes back by grant and line; without it all. */
  untaxed?: ReadonlyMap<string, ReadonlyMap<string, Minor>>
  bookedFrom: LocalDate
}

/** The parts of credit that goes back to its grants, and the entries of that. */
export function creditReturned(
  moved: readonly Moved[],
  returned: Returned,
): { parts: CreditPart[]; entries: JournalEntry[] } {
  const each = moved.map((one) => {
    const services = servicesOf(one, returned)
    return { one, parts: creditParts(one, returned.invoice, services, returned.bookedFrom) }
  })
  return {
    parts: each.flatMap(({ parts }) => parts),
    entries: each.flatMap(({ one, parts }) => burnEntries(one, returned.invoice, parts)),
  }
}

/**
 * Of which services credit goes back: those that the document takes back, as far as this grant has paid for their lines,
 * and beyond that the other lines that it has paid for, in their order. Credit before tax goes back as a whole, or as the
 * document says.
 */
function servicesOf(
  { movement: { grantRef, amount }, state: { grant } }: Moved,
  { invoice, parts, reversals, untaxed }: Returned,
): PaidService[] {
  const left = leftOf(parts, grantRef)
  const lines = invoice.lines.map(({ id, ...line }) => ({ ...line, lineId: id }))
  if (grant.beforeTax) {
    const back = untaxed?.get(grantRef) ?? left
    return lines.flatMap((line) => withPaid(line, back.get(line.lineId) ?? 0n))
  }
  let rest = amount
  const give = (service: Omit<PaidService, 'paid'>, most: Minor): PaidService[] => {
    const paid = left.get(service.lineId) ?? 0n
    const part = least(paid, most, rest)
    if (part <= 0n) return []
    left.set(service.lineId, paid - part)
    rest -= part
    return withPaid(service, part)
  }
  const credited = reversals.flatMap((taken) => give(taken, taken.amount + taken.tax))
  return [...credited, ...lines.flatMap((line) => give(line, rest))]
}

/** What a grant has paid of each line, less what went back. */
function leftOf(parts: readonly CreditPart[], grantRef: string): Map<string, Minor> {
  const own = parts.filter((part) => part.grantRef === grantRef)
  const byLine = Map.groupBy(own, ({ lineId }) => lineId)
  return new Map([...byLine].map(([lineId, some]) => [lineId, sum(some.map(({ paid }) => paid))]))
}

const withPaid = (
  { lineId, productRef, serviceStart, serviceEnd, usageByMonth }: Omit<PaidService, 'paid'>,
  paid: Minor,
): PaidService[] =>
  paid === 0n ? [] : [{ lineId, productRef, serviceStart, serviceEnd, usageByMonth, paid }]

const least = (...amounts: Minor[]): Minor => amounts.reduce((a, b) => (a < b ? a : b))
