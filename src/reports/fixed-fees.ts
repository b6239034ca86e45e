import type { RecognitionMethod } from '../catalog/product.ts'
import { changeInstant } from '../contracts/changes/change-billing.ts'
import type { Contract } from '../contracts/contract.ts'
import { closeInstant, issueDate, lastBoundary } from '../contracts/periods/schedule.ts'
import { dateAt } from '../contracts/periods/zone.ts'
import { assembleCharges } from '../invoicing/assembly/agreed-assembly.ts'
import type { BilledProduct, Charge } from '../invoicing/charges/charge.ts'
import { oneTimeCharges, recurringCharges, trialEndCharges } from '../invoicing/charges/fee-charge.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'

type SoldProduct = BilledProduct & { recognition: RecognitionMethod }

/** A contract with all that is needed to know its fees. */
export type Agreement = {
  contract: Contract
  products: ReadonlyMap<string, SoldProduct>
  /** That of the seller's invoices. */
  rounding: 'half_up' | 'half_even'
}

/** A fee whose `amount` is what becomes revenue: without discounts and tax. */
type FutureFee = Pick<Charge, 'productRef' | 'serviceStart' | 'serviceEnd' | 'amount'>

/** The fees of a boundary that is still to be invoiced, but for credit, and the total of its invoices, with tax. */
export type FutureInvoice = { issuedOn: LocalDate; total: Minor; charges: FutureFee[] }

/**
 * The invoices of a contract that are not issued yet, and with `after` those issued after that day too, with their fees:
 * what is known before anything is used. They are made by the functions that bill, and end with the contract, or with
 * the last one issued up to `until`.
 */
export function* futureInvoices(
  agreement: Agreement,
  { after, until }: { after?: LocalDate; until: LocalDate },
): Generator<FutureInvoice> {
  const { contract, products, rounding } = agreement
  const { terms } = contract
  const basis = { terms, products, rounding }
  const last = lastBoundary(terms)
  const first = after === undefined ? contract.nextCycle : firstAfter(contract, after)
  for (let k = first; last === null || k <= last; k++) {
    for (const [issuedOn, charges] of trialEnds(agreement, k, after)) {
      if (issuedOn <= until) yield { issuedOn, ...priced(agreement, k, charges) }
    }
    const issuedOn = issueDay(contract, k)
    if (issuedOn > until) return
    const charges = [...recurringCharges(basis, k), ...oneTimeCharges(basis, k)]
    if (charges.length > 0) yield { issuedOn, ...priced(agreement, k, charges) }
  }
}

/** The first invoices after trials that end inside the n-th cycle, by their days, as far as they are still to come. */
function trialEnds({ contract, products, rounding }: Agreement, n: number, after: LocalDate | undefined) {
  const { terms, nextCycle, billsChangeAt = null } = contract
  const dayOf = ({ serviceStart }: Charge) => dateAt(terms, changeInstant(terms, serviceStart))
  const isToCome = (fee: Charge) =>
    after !== undefined
      ? dayOf(fee) > after
      : n > nextCycle || (billsChangeAt !== null && changeInstant(terms, fee.serviceStart) >= billsChangeAt)
  return Map.groupBy(trialEndCharges({ terms, products, rounding }, n).filter(isToCome), dayOf)
}

/** Each invoice is discounted and taxed by itself, by the function that does it when it is issued. */
function priced(agreement: Agreement, boundary: number, charges: readonly Charge[]) {
  const { contract, products, rounding } = agreement
  const basis = { contract: { ...contract, nextCycle: boundary }, seller: { rounding }, products }
  const isCollective = contract.terms.invoicing === 'collective'
  const invoices = Map.groupBy(charges, ({ productRef }) => (isCollective ? '' : productRef))
  const made = [...invoices.values()].map((fees) => ({ fees, ...assembleCharges(basis, fees) }))
  return {
    total: sum(made.map(({ totals }) => totals.total)),
    charges: made
      .flatMap(({ fees, lines }) => fees.map((fee, place) => ({ ...fee, amount: lines[place]!.netAmount })))
      .filter(({ productRef }) => !products.get(productRef)?.grantsCredit),
  }
}

/** The first boundary whose invoice was not there at the end of the day. */
function firstAfter(contract: Contract, day: LocalDate): number {
  let boundary = contract.nextCycle
  while (boundary > 0 && issueDay(contract, boundary - 1) > day) boundary--
  return boundary
}

/** Hours of grace within which an invoice is still made on its own date: no day is shorter. */
const SAME_DAY_HOURS = 12

/** The date is enough in most cases, and a clock of some zone costs ten times as much to ask. */
const issueDay = ({ terms }: Contract, boundary: number): LocalDate =>
  terms.grace_hours < SAME_DAY_HOURS
    ? issueDate(terms, boundary)
    : dateAt(terms, closeInstant(terms, boundary))
