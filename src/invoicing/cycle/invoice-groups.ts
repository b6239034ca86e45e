import { type Minor, sum } from '../../kernel/money.ts'
import { type AgreedBasis, isBelowZero } from '../assembly/agreed-assembly.ts'
import type { Charge } from '../charges/charge.ts'
import type { Adjustment } from '../charges/usage-adjustment.ts'

/** The charges of one invoice to be, and the corrections that it could not take. */
export type InvoiceGroup = {
  /** Empty for a collective invoice. */
  productRef: string
  charges: Charge[]
  heldBack: Adjustment[]
  /** The changes of one product in one cycle stay together. */
  heldChanges: Charge[]
}

export type Billable = {
  charges: readonly Charge[]
  adjustments: readonly Adjustment[]
  changes: readonly Charge[]
}

/**
 * The charges of each invoice: one for all, or one for each product. An invoice is never negative: where corrections
 * would make it so, those that lower it are held back, of usage first and then of fees.
 */
export function invoiceGroups(basis: AgreedBasis, billable: Billable): InvoiceGroup[] {
  const { terms } = basis.contract
  if (terms.invoicing === 'collective') return [groupOf(basis, '', billable)]
  const { charges, adjustments, changes } = billable
  const all = [
    ...terms.products.map(({ product_ref }) => product_ref),
    ...changes.map(({ productRef }) => productRef),
  ]
  return [...new Set(all)].map((ref) =>
    groupOf(basis, ref, {
      charges: charges.filter((charge) => charge.productRef === ref),
      adjustments: adjustments.filter(({ charge }) => charge.productRef === ref),
      changes: changes.filter((charge) => charge.productRef === ref),
    }),
  )
}

function groupOf(
  basis: AgreedBasis,
  productRef: string,
  { charges, adjustments, changes }: Billable,
): InvoiceGroup {
  const lowering = adjustments.filter(({ charge }) => charge.amount < 0n)
  const loweringSets = [...Map.groupBy(changes, setOf).values()].filter((set) => sumOf(set) < 0n).flat()
  const without = (heldBack: Adjustment[], heldChanges: Charge[]): InvoiceGroup => ({
    productRef,
    charges: [
      ...charges,
      ...changes.filter((one) => !heldChanges.includes(one)),
      ...adjustments.filter((one) => !heldBack.includes(one)).map(({ charge }) => charge),
    ],
    heldBack,
    heldChanges,
  })
  const tries = [without([], []), without(lowering, [])]
  return tries.find((group) => !isBelowZero(basis, group.charges)) ?? without(lowering, loweringSets)
}

const sumOf = (charges: readonly Charge[]): Minor => sum(charges.map(({ amount }) => amount))

const setOf = ({ productRef, serviceCycleNo }: Charge): string => JSON.stringify([productRef, serviceCycleNo])

/**
 * Puts each true-up on its invoice, and answers those that would make it negative: while they are not billed, they come
 * again at the next boundary.
 */
export function addTrueUps(
  basis: AgreedBasis,
  groups: readonly InvoiceGroup[],
  trueUps: readonly Charge[],
): Charge[] {
  return trueUps.filter((charge) => {
    const group = groups.find(({ productRef }) => productRef === '' || productRef === charge.productRef)
    if (!group || isBelowZero(basis, [...group.charges, charge])) return true
    group.charges.push(charge)
    return false
  })
}
