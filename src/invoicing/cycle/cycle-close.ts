import { billsChangeAfter } from '../../contracts/changes/change-billing.ts'
import type { Contract } from '../../contracts/contract.ts'
import { finalRunAt } from '../../contracts/periods/final-run.ts'
import { closeInstant, lastBoundary } from '../../contracts/periods/schedule.ts'
import type { GrantState } from '../../credits/movement.ts'
import type { OutboxRow } from '../../delivery/outbox.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'
import type { Buyer, InvoiceBasis, Seller } from '../assembly/invoice-assembly.ts'
import { withMovedCycles } from '../charges/accumulated.ts'
import { advanceUsageCharges } from '../charges/advance-usage.ts'
import { isBeyondBilling, totalsOf } from '../charges/beyond-billing.ts'
import { type BilledCycle, withLines } from '../charges/billed-cycle.ts'
import { changeCharges } from '../charges/change-charge.ts'
import { agreedProducts, type BilledProduct, type Charge, type ChargeBasis } from '../charges/charge.ts'
import { withoutSoldCredit, withSoldCredit } from '../charges/credit-sale.ts'
import { oneTimeCharges, recurringCharges } from '../charges/fee-charge.ts'
import type { BilledFee } from '../charges/paid-part.ts'
import { trueUpCharges } from '../charges/true-up.ts'
import { latestTotals, usageAdjustments } from '../charges/usage-adjustment.ts'
import { usageCharges } from '../charges/usage-charge.ts'
import type { BilledUsage, UsageTotal } from '../charges/usage-total.ts'
import { type OwedCredit, owedCredits, owedLine } from '../corrections/owed-credit.ts'
import { addTrueUps, type InvoiceGroup, invoiceGroups } from './invoice-groups.ts'
import { type IssuedInvoices, issueInvoices } from './issue-invoices.ts'

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
  /** Cycles with changes that the close before could not bill. */
  heldChanges?: number[] | undefined
  /**
   * What was billed in advance for periods with days in these cycles, in the one that is closed or in the one after it,
   * where the contract may have changed.
   */
  billedFees?: BilledFee[] | undefined
  /** Usage of the cycles before, where prices accumulate. */
  earlier?: UsageTotal[] | undefined
  /**
   * What was billed for the product and cycle of every correction, of every cycle that it moves, and of this cycle where
   * usage is charged as it happens.
   */
  billed: BilledUsage[]
  /** What was billed for each cycle, where something is committed. */
  billedCycles?: BilledCycle[] | undefined
  /** What the close before gave back by credit notes. */
  owedBefore?: OwedCredit[] | undefined
  /** The customer's credit with this seller, in this currency. */
  wallet?: GrantState[] | undefined
  /** The next free number of the seller's series. */
  nextSequence: number
  now: Instant
}

export type CyclePlan = IssuedInvoices & {
  contractRef: string
  boundary: number
  sealed: SealedUsage | null
  heldBack: UsageTotal[]
  heldChanges: number[]
  /** What of both lowers the price, and waits for an invoice that is large enough. */
  heldCharges: Charge[]
  owedCredits: OwedCredit[]
  next: Pick<Contract, 'nextCycle' | 'nextCloseAt' | 'status' | 'billsChangeAt'>
}

/**
 * Decides what closing one boundary of a contract makes: at boundary k the usage of cycle k, the fees in arrears of
 * cycle k, those in advance of cycle k + 1, one-time fees that have come due, what changes inside cycle k credit and
 * charge, and what late usage has changed in earlier cycles. Without any line there is no invoice, and the cycle closes
 * all the same.
 *
 * An invoice is never negative: where corrections would make it so, those that lower it are held back and looked at again
 * at the next boundary, until later charges can take them. Where none are to come, they are owed, and given back by
 * credit notes.
 */
export function planCycleClose(input: CycleCloseInput): CyclePlan {
  const { contract, seller, buyer, sealed, now } = input
  const { terms, nextCycle: boundary } = contract
  const earlier = latestTotals(input.earlier ?? [], sealed?.corrections ?? [])
  const basis: ChargeBasis = { terms, products: input.products, rounding: seller.rounding, earlier }
  const invoiceBasis: InvoiceBasis = { contract, seller, buyer, now, products: input.products }
  const { usage, adjustments, beyond } = usageOf(basis, input)
  const fees = [...recurringCharges(basis, boundary, input.billedFees), ...oneTimeCharges(basis, boundary)]
  const groups = invoiceGroups(invoiceBasis, {
    charges: [...usage, ...withSoldCredit(input.products, fees)],
    adjustments,
    changes: changesOf(basis, input),
  })
  const left = leftOver(input, groups, beyond)
  const unbilled = addTrueUps(invoiceBasis, groups, dueTrueUps(basis, input, groups, left.owedCredits))
  const next = nextClose(input)
  const waits = next.nextCloseAt !== null
  const owed = [...left.owedCredits, ...(waits ? [] : owedCredits(unbilled))]
  const issued = issueInvoices(invoiceBasis, groups, input)
  return {
    contractRef: contract.ref,
    boundary,
    sealed,
    ...issued,
    ...left,
    heldCharges: [...left.heldCharges, ...(waits ? unbilled : [])],
    owedCredits: owed,
    effects: [...issued.effects, ...(owed.length > 0 ? [givesBack(contract, now)] : [])],
    next,
  }
}

/** What the usage of the cycle and its corrections charge, and the totals of which that is beyond any invoice. */
function usageOf(basis: ChargeBasis, input: CycleCloseInput) {
  const { sealed, billed } = input
  const usage = sealed
    ? [...usageCharges(basis, sealed), ...advanceUsageCharges(basis, sealed, billed, 'closed')]
    : []
  const adjustments = usageAdjustments(basis, correctedTotals(input), billed)
  return {
    usage: usage.filter((charge) => !isBeyondBilling(charge)),
    adjustments: adjustments.filter(({ charge }) => !isBeyondBilling(charge)),
    beyond: [
      ...totalsOf(usage.filter(isBeyondBilling), sealed),
      ...adjustments.filter(({ charge }) => isBeyondBilling(charge)).map(({ total }) => total),
    ],
  }
}

/** What commitments add to these charges; what is given back counts as if an invoice had taken it. */
function dueTrueUps(
  basis: ChargeBasis,
  { contract, billedCycles = [], owedBefore = [] }: CycleCloseInput,
  groups: readonly InvoiceGroup[],
  owed: readonly OwedCredit[],
): Charge[] {
  const charges = groups.flatMap((group) => group.charges)
  const billed = withLines(billedCycles, [...owedBefore, ...owed].map(owedLine))
  return trueUpCharges(basis, contract.nextCycle, charges, billed)
}

/** What cycles that were billed in advance owe after changes inside them. */
export const changesOf = (
  basis: ChargeBasis,
  {
    contract,
    heldChanges = [],
    billedFees,
  }: Pick<CycleCloseInput, 'contract' | 'heldChanges' | 'billedFees'>,
): Charge[] =>
  billedFees
    ? withoutSoldCredit(
        basis.products,
        changeCharges(basis, [...heldChanges, contract.nextCycle], billedFees),
        billedFees,
      )
    : []

/** The totals that are rated again at this boundary. */
export const correctedTotals = ({
  contract,
  heldBack,
  sealed,
  earlier = [],
}: Pick<CycleCloseInput, 'contract' | 'heldBack' | 'sealed' | 'earlier'>): UsageTotal[] =>
  withMovedCycles(contract.terms, latestTotals(heldBack, sealed?.corrections ?? []), earlier)

/**
 * What no invoice of this boundary could take. Changes of fees wait for an invoice with fees, usage for any boundary; what
 * has nothing to wait for is owed.
 */
function leftOver(
  input: CycleCloseInput,
  groups: readonly InvoiceGroup[],
  beyond: readonly UsageTotal[],
): Pick<CyclePlan, 'heldBack' | 'heldChanges' | 'heldCharges' | 'owedCredits'> {
  const { terms, nextCycle: boundary } = input.contract
  const last = lastBoundary(terms)
  const changes = groups.flatMap((group) => group.heldChanges)
  const adjustments = groups.flatMap((group) => group.heldBack)
  const corrections = adjustments.map(({ charge }) => charge)
  const feesWait = last === null || boundary < last
  const usageWaits = nextClose(input).nextCloseAt !== null
  return {
    heldChanges: feesWait ? [...new Set(changes.map(({ serviceCycleNo }) => serviceCycleNo))] : [],
    heldBack: [...(usageWaits ? adjustments.map(({ total }) => total) : []), ...beyond],
    heldCharges: [...(feesWait ? changes : []), ...(usageWaits ? corrections : [])],
    owedCredits: [...(feesWait ? [] : owedCredits(changes)), ...(usageWaits ? [] : owedCredits(corrections))],
  }
}

const givesBack = ({ ref, nextCycle: boundary }: Contract, now: Instant): OutboxRow => ({
  id: derivedId('out', 'owed_credit', ref, boundary),
  topic: 'owed_credit',
  payload: { contractRef: ref, boundary },
  dueAt: now,
})

/** After the last boundary of a contract with usage comes one more, for what comes late. */
function nextClose({ contract, products, now }: CycleCloseInput): CyclePlan['next'] {
  const { terms, nextCycle: boundary, status } = contract
  const last = lastBoundary(terms)
  const isLast = last !== null && boundary >= last
  const billsChangeAt = isLast ? null : billsChangeAfter(contract, now)
  const next = { nextCycle: boundary + 1, billsChangeAt }
  if (!isLast) return { ...next, nextCloseAt: closeInstant(terms, boundary + 1), status }
  const waits = boundary === last && agreedProducts({ terms, products }, 'usage').length > 0
  return {
    ...next,
    nextCloseAt: waits ? finalRunAt(terms) : null,
    status: status === 'active' ? 'ended' : status,
  }
}
