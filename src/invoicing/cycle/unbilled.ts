import type { GrantState } from '../../credits/movement.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { type AgreedBasis, assembleCharges } from '../assembly/agreed-assembly.ts'
import type { CreditPart } from '../assembly/credit-part.ts'
import { type CreditedInvoices, invoicesWithCredit } from '../assembly/credit-use.ts'
import type { InvoiceBasis } from '../assembly/invoice-assembly.ts'
import type { Charge } from '../charges/charge.ts'
import { arrearsAhead } from '../charges/fee-charge.ts'
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
}

/** Lines of an invoice to come, and the boundary of the contract that it is made at. */
export type Unbilled = { boundary: number; lines: UnbilledLine[] }

/** What is to be billed, and what of the customer's credit it would use, by grant; minor units. */
export type UnbilledPlan = { unbilled: Unbilled[]; creditUsed: Record<string, Minor> }

/**
 * What a contract's invoices to come would bill, by the very plans that issue them: the next one, and the later ones at
 * which the running periods of fees in arrears end that have a cycle of their own. Each uses the customer's credit as it
 * would if it were made at once, and leaves the rest to the one after it. What lowers the price and waits for an invoice
 * that is large enough belongs to the next one: less is earned, whenever that comes.
 */
export function unbilledOf(input: CycleCloseInput): UnbilledPlan {
  const { contract, products, seller, buyer, now } = input
  const { nextCycle } = contract
  const next = planCycleClose(input)
  const basis = { terms: contract.terms, products, rounding: seller.rounding }
  const held = heldLines({ contract, seller, products }, next.heldCharges)
  const ahead = Map.groupBy(arrearsAhead(basis, nextCycle), ({ serviceCycleNo }) => serviceCycleNo)
  const plans: { boundary: number; made: CreditedInvoices }[] = [{ boundary: nextCycle, made: next }]
  let wallet: readonly GrantState[] = next.wallet
  for (const [boundary, charges] of ahead) {
    const at: InvoiceBasis = { contract: { ...contract, nextCycle: boundary }, seller, buyer, now, products }
    const made = invoicesWithCredit(at, [{ charges, productRef: '' }], wallet, input.nextSequence)
    plans.push({ boundary, made })
    wallet = made.wallet
  }
  return {
    unbilled: plans.map(({ boundary, made }) => ({
      boundary,
      lines: [...linesOf(made), ...(boundary === nextCycle ? held : [])],
    })),
    creditUsed: usedOf(plans.flatMap(({ made }) => made.burnt)),
  }
}

/** Discounts stop at nothing, so corrections are put together as if they were charges; fixed ones are off invoices. */
function heldLines({ contract, ...basis }: AgreedBasis, charges: readonly Charge[]): UnbilledLine[] {
  const discounts = (contract.terms.discounts ?? []).filter(({ type }) => type === 'percent')
  const mirrored = charges.map((charge) => ({ ...charge, amount: -charge.amount }))
  const own = { ...contract, terms: { ...contract.terms, discounts } }
  const { lines } = assembleCharges({ ...basis, contract: own }, mirrored)
  return charges.map((charge, place) => ({ ...charge, netAmount: -lines[place]!.netAmount }))
}

function linesOf({ invoices, burnt }: CreditedInvoices): UnbilledLine[] {
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
