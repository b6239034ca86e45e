import type { ProductKind, RecognitionMethod } from '../catalog/product.ts'
import type { Contract } from '../contracts/contract.ts'
import { closeInstant, lastBoundary } from '../contracts/schedule.ts'
import type { Charge } from '../invoicing/charge.ts'
import { oneTimeCharges, recurringCharges } from '../invoicing/fee-charge.ts'
import { type LocalDate, localDate } from '../kernel/calendar.ts'

type SoldProduct = { ref: string; name: string; kind: ProductKind; recognition: RecognitionMethod }

/** A contract with all that is needed to know its fees. */
export type Agreement = {
  contract: Contract
  products: ReadonlyMap<string, SoldProduct>
  /** That of the seller's invoices. */
  rounding: 'half_up' | 'half_even'
}

/** The fees of an invoice that is still to come. */
export type FutureInvoice = { issuedOn: LocalDate; charges: Charge[] }

/**
 * The invoices of a contract that are not issued yet, and with `after` those issued after that day too, with their fees:
 * what is known before anything is used. They are made by the functions that bill, and end with the contract, or with
 * the last one issued up to `until`.
 */
export function* futureInvoices(
  { contract, products, rounding }: Agreement,
  { after, until }: { after?: LocalDate; until: LocalDate },
): Generator<FutureInvoice> {
  const { terms } = contract
  const basis = { terms, products, rounding }
  const last = lastBoundary(terms)
  const first = after === undefined ? contract.nextCycle : firstAfter(contract, after)
  for (let k = first; last === null || k <= last; k++) {
    const issuedOn = issueDay(contract, k)
    if (issuedOn > until) return
    const charges = [...recurringCharges(basis, k), ...oneTimeCharges(basis, k)]
    if (charges.length > 0) yield { issuedOn, charges }
  }
}

/** The first boundary whose invoice was not there at the end of the day. */
function firstAfter(contract: Contract, day: LocalDate): number {
  let boundary = contract.nextCycle
  while (boundary > 0 && issueDay(contract, boundary - 1) > day) boundary--
  return boundary
}

const issueDay = ({ terms }: Contract, boundary: number): LocalDate =>
  localDate(closeInstant(terms, boundary), terms.timezone)
