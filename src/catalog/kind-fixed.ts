import { conflict } from '../kernel/problem.ts'
import { isRefusedBy } from '../storage/db.store.ts'

/** Waits for a commit that may change a product's kind; `product_kind_fixed` where a contract bills it by that kind. */
export async function orKindFixed(ref: string, committed: Promise<void>): Promise<void> {
  try {
    await committed
  } catch (error) {
    if (!isRefusedBy(error, 'product is billed')) throw error
    throw conflict(
      'product_kind_fixed',
      `A contract bills the product "${ref}", so its kind stays. Set up another product for the other kind.`,
    )
  }
}
