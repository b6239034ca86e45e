import { isBeyondInvoices } from '../../contracts/largest-amount.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'
import type { Charge } from './charge.ts'
import type { UsageTotal } from './usage-total.ts'

/**
 * True for a usage charge that no invoice could hold: it comes from a faulty event, such as a counter that ran below
 * zero. Its total is held back as a correction is, and rated again when the event has been amended or voided, so that
 * the cycle closes with all that is sound.
 */
export const isBeyondBilling = ({ amount }: Pick<Charge, 'amount'>): boolean => isBeyondInvoices(amount)

/** The sealed totals of charges. */
export const totalsOf = (charges: readonly Charge[], sealed: SealedUsage | null): UsageTotal[] =>
  charges.flatMap(({ productRef }) => {
    const usage = sealed?.products.find((one) => one.productRef === productRef)
    return usage ? [{ ...usage, cycleNo: sealed!.cycleNo }] : []
  })
