import { assembleCharges } from '../assembly/agreed-assembly.ts'
import type { Charge, ChargeBasis } from '../charges/charge.ts'
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
>

/** Lines of an invoice to come, and the boundary of the contract that it is made at. */
export type Unbilled = { boundary: number; lines: UnbilledLine[] }

/**
 * What a contract's invoices to come would bill, by the very plans that issue them: the next one, and the later ones at
 * which the running periods of fees in arrears end that have a cycle of their own.
 */
export function unbilledOf(input: CycleCloseInput): Unbilled[] {
  const { contract, products, seller } = input
  const lines = planCycleClose(input).invoices.flatMap((invoice) => invoice.lines)
  const basis = { terms: contract.terms, products, rounding: seller.rounding }
  const ahead = Map.groupBy(arrearsAhead(basis, contract.nextCycle), ({ serviceCycleNo }) => serviceCycleNo)
  return [
    { boundary: contract.nextCycle, lines },
    ...[...ahead].map(([boundary, fees]) => ({ boundary, lines: netOf(basis, boundary, fees) })),
  ]
}

function netOf({ terms, products, rounding }: ChargeBasis, boundary: number, fees: Charge[]): UnbilledLine[] {
  const basis = { contract: { terms, nextCycle: boundary }, seller: { rounding }, products }
  const { lines } = assembleCharges(basis, fees)
  return fees.map((fee, place) => ({ ...fee, netAmount: lines[place]!.netAmount }))
}
