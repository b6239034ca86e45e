import type { ContractTerms } from '../../contracts/contract.ts'
import { windowOfCycle } from '../../contracts/terms/commitment.ts'
import type { GrantState } from '../../credits/movement.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { type AgreedBasis, assembleCharges } from '../assembly/agreed-assembly.ts'
import type { CreditPart } from '../assembly/credit-part.ts'
import { type CreditedInvoices, invoicesWithCredit } from '../assembly/credit-use.ts'
import type { InvoiceBasis } from '../assembly/invoice-assembly.ts'
import { type BilledCycle, soldWithin, withLines } from '../charges/billed-cycle.ts'
import type { Charge } from '../charges/charge.ts'
import { arrearsAhead } from '../charges/fee-charge.ts'
import { trueUpAhead } from '../charges/true-up.ts'
import type { InvoiceLine } from '../invoice.ts'
import { type CycleCloseInput, planCycleClose } from './cycle-close.ts'

/** What of an invoice line to come says when it is earned. */
export type UnbilledLine = Pick<
  InvoiceLine,
  | 'kind'
  | 'productRef'
  | 'amount'
  | 'netAmount'
  | 'serviceStart'
  | 'serviceEnd'
  | 'usageByMonth'
  | 'sellsCredit'
> & {
  /** What credit that pays for it makes of its price, in parts that are recognised like the line. */
  creditParts?: readonly Pick<CreditPart, 'amount' | 'serviceStart' | 'serviceEnd' | 'usageByMonth'>[]
  /** Of a true-up, what usage of its window is sold for: months that take back and give follow that. */
  sold?: Pick<InvoiceLine, 'amount' | 'netAmount'> | undefined
}

/** Lines of an invoice to come, and the boundary of the contract that it is made at. */
export type Unbilled = { boundary: number; lines: UnbilledLine[] }

/** What is to be billed, and what of the customer's credit it would use, by grant; minor units. */
export type UnbilledPlan = { unbilled: Unbilled[]; creditUsed: Record<string, Minor> }

/**
 * What a contract's invoices to come would bill, by the very plans that issue them: the next one, and the later ones at
 * which the running periods of fees in arrears end that have a cycle of their own. Each uses the customer's credit as it
 * would if it were made at once, and leaves the rest to the one after it. What lowers the price and waits for an invoice
 * that is large enough belongs to the next one: less is earned, whenever that comes. What a commitment's window is short
 * of belongs to the invoice of its end; nobody knows yet what credit will be left for that, so none is counted on.
 */
export function unbilledOf(input: CycleCloseInput): UnbilledPlan {
  const { contract, products, seller } = input
  const { terms, nextCycle } = contract
  const basis = { terms, products, rounding: seller.rounding }
  const next = planCycleClose(input)
  const ahead = arrearsAhead(basis, nextCycle)
  const later = laterInvoices(input, ahead, next.wallet)
  const held = linesWithoutInvoice(input, nextCycle, next.heldCharges)
  const billed = withLines(
    input.billedCycles ?? [],
    next.invoices.flatMap(({ lines }) => lines),
  )
  const unbilled = [
    { boundary: nextCycle, lines: [...linesOf(next), ...held] },
    ...later.map(({ boundary, made }) => ({ boundary, lines: linesOf(made) })),
    ...trueUpAhead(basis, nextCycle, withLines(billed, ahead)).map((charge) => {
      const boundary = charge.serviceCycleNo
      return { boundary, lines: linesWithoutInvoice(input, boundary, [charge]) }
    }),
  ]
  return {
    unbilled: unbilled.map((one) => ({ ...one, lines: withSold(terms, one.lines, billed) })),
    creditUsed: usedOf([next, ...later.map(({ made }) => made)].flatMap(({ burnt }) => burnt)),
  }
}

/** The invoices of boundaries after the next one, each with the credit that those before it leave. */
function laterInvoices(
  { contract, seller, buyer, now, products, nextSequence }: CycleCloseInput,
  ahead: readonly Charge[],
  wallet: readonly GrantState[],
): { boundary: number; made: CreditedInvoices }[] {
  let left = wallet
  return [...Map.groupBy(ahead, ({ serviceCycleNo }) => serviceCycleNo)].map(([boundary, charges]) => {
    const at: InvoiceBasis = { contract: { ...contract, nextCycle: boundary }, seller, buyer, now, products }
    const made = invoicesWithCredit(at, [{ charges, productRef: '' }], left, nextSequence)
    left = made.wallet
    return { boundary, made }
  })
}

/** Discounts stop at nothing, so corrections are put together as if they were charges; fixed ones are off invoices. */
function linesWithoutInvoice(
  { contract, seller, products }: AgreedBasis,
  boundary: number,
  charges: readonly Charge[],
): (UnbilledLine & Pick<Charge, 'serviceCycleNo'>)[] {
  const discounts = (contract.terms.discounts ?? []).filter(({ type }) => type === 'percent')
  const own = { ...contract, nextCycle: boundary, terms: { ...contract.terms, discounts } }
  const isBelow = charges.map(({ amount }) => amount < 0n)
  const upright = charges.map((charge, place) => ({
    ...charge,
    amount: isBelow[place] ? -charge.amount : charge.amount,
  }))
  const { lines } = assembleCharges({ contract: own, seller, products }, upright)
  return charges.map((charge, place) => {
    const { netAmount } = lines[place]!
    return { ...charge, netAmount: isBelow[place] ? -netAmount : netAmount }
  })
}

/** True-ups with what usage of their windows is sold for. */
const withSold = (
  terms: ContractTerms,
  lines: readonly (UnbilledLine & Pick<Charge, 'serviceCycleNo'>)[],
  billed: readonly BilledCycle[],
): UnbilledLine[] =>
  lines.map((line) => {
    const window = line.kind === 'true_up' ? windowOfCycle(terms, line.serviceCycleNo) : undefined
    return window ? { ...line, sold: soldWithin(window, billed) } : line
  })

function linesOf({ invoices, burnt }: CreditedInvoices) {
  const byLine = Map.groupBy(
    burnt.flatMap(({ parts }) => parts),
    ({ lineId }) => lineId,
  )
  return invoices.flatMap(({ lines }) =>
    lines.map((line) => ({ ...line, creditParts: byLine.get(line.id) ?? [] })),
  )
}

function usedOf(burnt: CreditedInvoices['burnt']): Record<string, Minor> {
  const byGrant = Map.groupBy(burnt, ({ moved }) => moved.movement.grantRef)
  return Object.fromEntries(
    [...byGrant].map(([ref, uses]) => [ref, sum(uses.map(({ moved }) => moved.movement.amount))]),
  )
}
