import { billsChangeAfter } from '../../contracts/changes/change-billing.ts'
import type { Contract, ContractTerms } from '../../contracts/contract.ts'
import { boundaryDate } from '../../contracts/periods/schedule.ts'
import { dateAt } from '../../contracts/periods/zone.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { InvoiceBasis } from '../assembly/invoice-assembly.ts'
import { advanceUsageCharges } from '../charges/advance-usage.ts'
import { isBeyondBilling } from '../charges/beyond-billing.ts'
import type { Charge, ChargeBasis } from '../charges/charge.ts'
import { type CycleCloseInput, changesOf } from './cycle-close.ts'
import { invoiceGroups } from './invoice-groups.ts'
import { type IssuedInvoices, issueInvoices } from './issue-invoices.ts'

export type ChangePlan = IssuedInvoices & {
  contractRef: string
  boundary: number
  next: Pick<Contract, 'billsChangeAt'>
}

/** `sealed` is the usage of the running cycle by now, where some of it is charged as it happens. */
export type ChangeInput = Omit<CycleCloseInput, 'heldBack'> & {
  /** The next free place among the invoices of changes inside the cycle. */
  nextChange: number
}

/**
 * Decides what is billed inside the running cycle, before its end: an invoice of its own, with the credit and charge lines
 * of a change, and the usage that is charged as it happens. What is still on trial has a day of its own, and what begins
 * with the next cycle its boundary. One that comes to less than nothing is left to the boundary, which has more to hold it
 * against.
 */
export function planChange(input: ChangeInput): ChangePlan {
  const { contract, seller, buyer, products, now } = input
  const basis: ChargeBasis = { terms: contract.terms, products, rounding: seller.rounding }
  const invoiceBasis: InvoiceBasis = { contract, seller, buyer, now, products, changeNo: input.nextChange }
  const today = dateAt(contract.terms, now)
  const next = boundaryDate(contract.terms, contract.nextCycle)
  const changes = changesOf(basis, { ...input, heldChanges: [] }).filter(
    (charge) => charge.serviceStart < next && !isOnTrial(contract.terms, charge, today),
  )
  const usage = input.sealed ? advanceUsageCharges(basis, input.sealed, input.billed, 'open') : []
  const charges = usage.filter((charge) => !isBeyondBilling(charge))
  const groups = invoiceGroups(invoiceBasis, { charges, adjustments: [], changes })
  return {
    contractRef: contract.ref,
    boundary: contract.nextCycle,
    ...issueInvoices(invoiceBasis, groups, input),
    next: { billsChangeAt: billsChangeAfter(contract, now) },
  }
}

/** A fee that a trial keeps free on the day: whoever leaves before the trial is over never has to pay it. */
const isOnTrial = (terms: ContractTerms, { productRef, serviceStart }: Charge, today: LocalDate): boolean =>
  terms.products.some(
    ({ product_ref: ref, trial_end_date: end }) =>
      ref === productRef && end !== undefined && end > today && end <= serviceStart,
  )
