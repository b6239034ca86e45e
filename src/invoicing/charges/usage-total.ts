import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import type { Minor } from '../../kernel/money.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'

/** All usage of one product in one cycle as it is known now; decimal strings, also by calendar month of use. */
export type UsageTotal = SealedUsage['corrections'][number]

/** What issued lines have billed so far for one product in one cycle, adjustments included. */
export type BilledUsage = {
  productRef: string
  cycleNo: number
  quantity: string
  amount: Minor
  /** `YYYY-MM` to minor units. */
  byMonth: Record<string, Minor>
  /** Those that the line bore which billed it first. */
  taxes?: AgreedTax[] | undefined
}
