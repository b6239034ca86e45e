import type { SoldCredit } from '../../catalog/credit-terms.ts'
import type { CreditGrant } from '../../credits/grant.ts'
import { creditFor, soldGrant } from '../../credits/sold-credit.ts'
import { compare, decimal, ZERO } from '../../kernel/rational.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import type { BilledProduct, Charge } from './charge.ts'
import type { BilledFee } from './paid-part.ts'

/** A line that sells credit moves no contract position and earns nothing: the credit does, when it is used. */
export type CreditLine = InvoiceLine & { sellsCredit: SoldCredit }

export const sellsCredit = (line: InvoiceLine): line is CreditLine => line.sellsCredit != null

/** Fees with the credit that they buy. A true-up that bears the name of such a product is no fee of it. */
export const withSoldCredit = (
  products: ReadonlyMap<string, BilledProduct>,
  charges: readonly Charge[],
): Charge[] =>
  charges.map((charge) => {
    const terms = charge.kind === 'true_up' ? null : products.get(charge.productRef)?.grantsCredit
    const amount = terms ? creditFor(terms, charge.amount) : 0n
    return terms && amount > 0n ? { ...charge, sellsCredit: { ...terms, amount: amount.toString() } } : charge
  })

/**
 * Changes inside a cycle, without those of credit that was billed for these days already: what was sold stays sold until a
 * credit note takes it back, and another price or quantity holds from the next cycle on.
 */
export const withoutSoldCredit = (
  products: ReadonlyMap<string, BilledProduct>,
  changes: readonly Charge[],
  billed: readonly BilledFee[],
): Charge[] => {
  const isSold = (one: Charge): boolean =>
    billed.some(
      (line) =>
        line.productRef === one.productRef &&
        line.serviceStart < one.serviceEnd &&
        one.serviceStart < line.serviceEnd,
    )
  return withSoldCredit(
    products,
    changes.filter((one) => !products.get(one.productRef)?.grantsCredit || !isSold(one)),
  )
}

/** The grants that an invoice sells; nothing comes of a line of nothing. */
export const soldGrants = (invoice: Invoice, timezone: string): CreditGrant[] =>
  invoice.lines.filter(sellsCredit).map((line) =>
    soldGrant({
      id: line.id,
      invoiceId: invoice.id,
      customerRef: invoice.customerRef,
      entityRef: invoice.entityRef,
      timezone,
      currency: invoice.currency,
      name: line.description,
      costBasis: line.netAmount,
      credit: line.sellsCredit,
      isTaxed: line.taxes.some(({ percent }) => compare(decimal(percent), ZERO) > 0),
      serviceStart: line.serviceStart,
      serviceEnd: line.serviceEnd,
      issuedAt: invoice.issuedAt,
    }),
  )
