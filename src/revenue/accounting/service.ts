import type { ContractTerms } from '../../contracts/contract.ts'
import { boundaryFrom, lastBoundary } from '../../contracts/periods/schedule.ts'
import { assembleCharges } from '../../invoicing/assembly/agreed-assembly.ts'
import type { BilledProduct, Charge, ChargeBasis } from '../../invoicing/charges/charge.ts'
import { oneTimeCharges, recurringCharges } from '../../invoicing/charges/fee-charge.ts'
import { addMonths, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Rational } from '../../kernel/rational.ts'
import { monthsOfFee } from './fee-months.ts'

/** Days of a service with one fee, half-open, and how many months they count for; minor units. */
export type Piece = {
  start: LocalDate
  end: LocalDate
  months: Rational
  quantity: string
  price: Minor
  /** The same for fees at one agreed price. */
  priceKey: string | null
}

/** A product of a contract over days that follow each other: what one promise is made of. */
export type Service = {
  /** The product; of later, separate times of it with their first day. */
  key: string
  productRef: string
  start: LocalDate
  end: LocalDate
  /** All its fees, in minor units. */
  price: Minor
  pieces: readonly Piece[]
}

/** A fee, net, with the months that it is for. */
type Fee = Charge & { months: Rational }

/** The fees of the invoice of one boundary. */
export type BilledFees = { boundary: number; charges: Fee[] }

/** Dates compare as text. */
export const earlier = (a: LocalDate, b: LocalDate): LocalDate => [a, b].sort()[0]!
export const later = (a: LocalDate, b: LocalDate): LocalDate => [a, b].sort()[1]!

/** A term with more invoices, or longer than that, is not laid out. */
const INVOICES_MAX = 1_300
const TERM_MONTHS_MAX = 40 * 12

/** True where the fees are known to the end: nobody can leave before it without penalty. */
export function hasFixedTerm(terms: ContractTerms): boolean {
  const { start_date: start, end_date: end, termination_notice_days: notice } = terms
  if (end === null || typeof notice === 'number' || end > addMonths(start, TERM_MONTHS_MAX)) return false
  return (lastBoundary(terms) ?? 0) <= INVOICES_MAX
}

/** What fees are billed by; tax codes tell which of them have a tax inside. */
type FeeBasis = Omit<ChargeBasis, 'products'> & {
  products: ReadonlyMap<string, BilledProduct & { taxCode: string | null }>
}

/**
 * The fixed fees of a contract as they are billed, less discounts and without tax; of one without a fixed term the
 * one-time fees. A contract that ends before it begins has none.
 */
export function feesOf(basis: FeeBasis): BilledFees[] {
  const { terms } = basis
  if (terms.end_date !== null && terms.end_date <= terms.start_date) return []
  if (!hasFixedTerm(terms)) {
    const days = terms.products.map(({ billing_start_date: day }) => day ?? terms.start_date)
    const boundaries = [...new Set(days.map((day) => boundaryFrom(terms, day)))].sort((a, b) => a - b)
    return boundaries.map((boundary) => netFees(basis, boundary, oneTimeCharges(basis, boundary)))
  }
  return Array.from({ length: (lastBoundary(terms) ?? 0) + 1 }, (_, boundary) =>
    netFees(basis, boundary, [...recurringCharges(basis, boundary), ...oneTimeCharges(basis, boundary)]),
  )
}

/** What each fee is for the seller, by the function that issues the invoices. */
function netFees({ terms, products, rounding }: FeeBasis, boundary: number, charges: Charge[]): BilledFees {
  const basis = { contract: { terms, nextCycle: boundary }, seller: { rounding }, products }
  const isCollective = terms.invoicing === 'collective'
  const invoices = Map.groupBy(charges, ({ productRef }) => (isCollective ? '' : productRef))
  const net = [...invoices.values()].flatMap((fees) => {
    const { lines } = assembleCharges(basis, fees)
    return fees.map((fee, place) => ({
      ...fee,
      amount: lines[place]!.netAmount,
      months: monthsOfFee(terms, fee),
    }))
  })
  return { boundary, charges: net }
}

/**
 * The services that fees pay for: recurring ones run on from fee to fee, each one-time fee is one of its own. What is
 * earned by deliveries is one promise, whatever its instalments.
 */
export function servicesOf(charges: readonly Fee[], isOne: (productRef: string) => boolean): Service[] {
  return [...Map.groupBy(charges, ({ productRef }) => productRef)].flatMap(([ref, fees]) => {
    const inOrder = fees.toSorted((a, b) => (a.serviceStart < b.serviceStart ? -1 : 1))
    const runs = isOne(ref) ? [inOrder] : runsOf(inOrder)
    return runs.map((run, place) => serviceOf(ref, run, place))
  })
}

function runsOf(fees: readonly Fee[]): Fee[][] {
  const runs: Fee[][] = []
  for (const fee of fees) {
    const run = runs.at(-1)
    if (run?.some((before) => goesOn(before, fee))) run.push(fee)
    else runs.push([fee])
  }
  return runs
}

/** Fees of one day are one service; recurring ones go on where the one before ends. */
const goesOn = (before: Charge, { kind, serviceStart }: Charge): boolean =>
  kind === 'recurring' ? before.serviceEnd >= serviceStart : before.serviceStart === serviceStart

function serviceOf(productRef: string, run: readonly Fee[], place: number): Service {
  const start = run[0]!.serviceStart
  return {
    key: place === 0 ? productRef : `${productRef}@${start}`,
    productRef,
    start,
    end: run.reduce((latest, { serviceEnd }) => later(latest, serviceEnd), start),
    price: sum(run.map(({ amount }) => amount)),
    pieces: run.map(({ serviceStart, serviceEnd, months, quantity, amount, priceKey = null }) => ({
      start: serviceStart,
      end: serviceEnd,
      months,
      quantity,
      price: amount,
      priceKey,
    })),
  }
}
