import type { Contract } from '../contracts/contract.ts'
import { closeInstant, lastBoundary } from '../contracts/schedule.ts'
import type { OutboxRow } from '../delivery/outbox.ts'
import type { Instant } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { JournalEntry } from '../ledger/journal-entry.ts'
import type { SealedUsage } from '../usage/sealed-usage.ts'
import { withMovedCycles } from './accumulated.ts'
import { type AgreedBasis, isBelowZero } from './agreed-assembly.ts'
import type { BilledProduct, Charge, ChargeBasis } from './charge.ts'
import { oneTimeCharges, recurringCharges } from './fee-charge.ts'
import type { Invoice } from './invoice.ts'
import { assembleInvoice, type Buyer, type InvoiceBasis, type Seller } from './invoice-assembly.ts'
import { issueEntries } from './issue-entry.ts'
import { type BilledCycle, trueUpCharges } from './true-up.ts'
import { type Adjustment, latestTotals, usageAdjustments } from './usage-adjustment.ts'
import { usageCharges } from './usage-charge.ts'
import type { BilledUsage, UsageTotal } from './usage-total.ts'

export type CycleCloseInput = {
  /** `nextCycle` is the boundary that is closed. */
  contract: Contract
  seller: Seller
  buyer: Buyer
  products: ReadonlyMap<string, BilledProduct>
  /** Null at boundary 0, and for a contract without usage products. */
  sealed: SealedUsage | null
  /** What the close before could not bill. */
  heldBack: UsageTotal[]
  /** Usage of the cycles before, where prices accumulate. */
  earlier?: UsageTotal[] | undefined
  /** What was billed for the product and cycle of every correction, and of every cycle that it moves. */
  billed: BilledUsage[]
  /** What was billed for each cycle, where something is committed. */
  billedCycles?: BilledCycle[] | undefined
  /** The next free number of the seller's series. */
  nextSequence: number
  now: Instant
}

export type CyclePlan = {
  contractRef: string
  boundary: number
  sealed: SealedUsage | null
  heldBack: UsageTotal[]
  invoices: Invoice[]
  entries: JournalEntry[]
  effects: OutboxRow[]
  next: Pick<Contract, 'nextCycle' | 'nextCloseAt' | 'status'>
}

/**
 * Decides what closing one boundary of a contract makes: at boundary k the usage of cycle k, the fees in arrears of
 * cycle k, those in advance of cycle k + 1, one-time fees that have come due, and what late usage has changed in
 * earlier cycles. Without any line there is no invoice, and the cycle closes all the same.
 *
 * An invoice is never negative: where adjustments would make it so, the negative ones are held back and rated again at
 * the next boundary, until later charges can take them.
 */
export function planCycleClose(input: CycleCloseInput): CyclePlan {
  const { contract, seller, buyer, sealed, now } = input
  const { terms } = contract
  const earlier = latestTotals(input.earlier ?? [], sealed?.corrections ?? [])
  const basis: ChargeBasis = { terms, products: input.products, rounding: seller.rounding, earlier }
  const boundary = contract.nextCycle
  const charges = [
    ...(sealed ? usageCharges(basis, sealed) : []),
    ...recurringCharges(basis, boundary),
    ...oneTimeCharges(basis, boundary),
  ]
  const corrections = correctedTotals(input)
  const invoiceBasis: InvoiceBasis = { contract, seller, buyer, now, products: input.products }
  const groups = grouped(invoiceBasis, charges, usageAdjustments(basis, corrections, input.billed))
  addTrueUps(
    invoiceBasis,
    groups,
    trueUpCharges(
      basis,
      boundary,
      groups.flatMap((one) => one.charges),
      input.billedCycles ?? [],
    ),
  )
  const billable = groups.filter((group) => group.charges.length > 0)
  const invoices = billable.map((group, place) =>
    assembleInvoice(invoiceBasis, group.charges, group.productRef, input.nextSequence + place),
  )
  return {
    contractRef: contract.ref,
    boundary,
    sealed,
    heldBack: groups.flatMap((group) => group.heldBack),
    invoices,
    entries: invoices.flatMap(issueEntries),
    effects: invoices.flatMap((invoice) => effectsOf(invoice, contract, buyer)),
    next: nextClose(contract),
  }
}

/** The totals that are rated again at this boundary. */
export const correctedTotals = ({
  contract,
  heldBack,
  sealed,
  earlier = [],
}: Pick<CycleCloseInput, 'contract' | 'heldBack' | 'sealed' | 'earlier'>): UsageTotal[] =>
  withMovedCycles(contract.terms, latestTotals(heldBack, sealed?.corrections ?? []), earlier)

type Group = { productRef: string; charges: Charge[]; heldBack: UsageTotal[] }

/** The charges of each invoice to be: one for all, or one for each product. */
function grouped(basis: AgreedBasis, charges: Charge[], adjustments: Adjustment[]): Group[] {
  const { terms } = basis.contract
  if (terms.invoicing === 'collective') return [group(basis, '', charges, adjustments)]
  const refs = new Set(terms.products.map((product) => product.product_ref))
  return [...refs].map((ref) =>
    group(
      basis,
      ref,
      charges.filter((charge) => charge.productRef === ref),
      adjustments.filter(({ charge }) => charge.productRef === ref),
    ),
  )
}

function group(basis: AgreedBasis, productRef: string, charges: Charge[], adjustments: Adjustment[]): Group {
  const all = [...charges, ...adjustments.map(({ charge }) => charge)]
  if (!isBelowZero(basis, all)) return { productRef, charges: all, heldBack: [] }
  const positive = adjustments.filter(({ charge }) => charge.amount > 0n)
  const negative = adjustments.filter(({ charge }) => charge.amount < 0n)
  return {
    productRef,
    charges: [...charges, ...positive.map(({ charge }) => charge)],
    heldBack: negative.map(({ total }) => total),
  }
}

/**
 * Puts each true-up on its invoice. One that would make it negative is left out: while it is not billed, it comes again
 * at the next boundary.
 */
function addTrueUps(basis: AgreedBasis, groups: readonly Group[], trueUps: readonly Charge[]): void {
  for (const charge of trueUps) {
    const group = groups.find(({ productRef }) => productRef === '' || productRef === charge.productRef)
    if (group && !isBelowZero(basis, [...group.charges, charge])) group.charges.push(charge)
  }
}

/** The mail of every invoice; a charge where there is something to pay and a card that may be charged. */
function effectsOf(invoice: Invoice, { terms }: Contract, buyer: Buyer): OutboxRow[] {
  const payload = { invoiceId: invoice.id }
  const dueAt = invoice.issuedAt
  const charges = terms.auto_charge && buyer.stripePaymentMethodId !== null && invoice.total > 0n
  return [
    {
      id: derivedId('out', 'invoice_issued_mail', invoice.id),
      topic: 'invoice_issued_mail',
      payload,
      dueAt,
    },
    ...(charges
      ? [{ id: derivedId('out', 'charge_card', invoice.id), topic: 'charge_card' as const, payload, dueAt }]
      : []),
  ]
}

function nextClose({ terms, nextCycle: boundary, status }: Contract): CyclePlan['next'] {
  const last = lastBoundary(terms)
  const isLast = last !== null && boundary >= last
  return {
    nextCycle: boundary + 1,
    nextCloseAt: isLast ? null : closeInstant(terms, boundary + 1),
    status: isLast && status === 'active' ? 'ended' : status,
  }
}
