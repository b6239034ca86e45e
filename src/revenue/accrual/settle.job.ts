import type { InvoiceLine } from '../../invoicing/invoice.ts'
import type { Db, Statement } from '../../storage/db.store.ts'
import type { UnscheduledLine } from '../recognition.ts'
import { billedBy } from './accrual.ts'
import { accrualsLeft, accrualsOf, settleAccruals } from './accruals.store.ts'
import { accruedFor } from './earned.ts'

/** Accruals in one commit: each has a portion for each month of its cycle. */
const PAGE_ACCRUALS = 100

type BilledLine = Pick<UnscheduledLine, 'contractRef' | 'productRef' | 'bookedFrom'> & {
  kind: InvoiceLine['kind']
  cycleNo: number
}

/**
 * The statements that take back what was accrued for lines of invoices. They belong into the commit that gives the lines
 * their schedules: so each month has the accrual or what was billed, and never both.
 */
export async function settledBy(db: Db, scheduled: readonly BilledLine[]): Promise<Statement[]> {
  const lines = scheduled.filter(({ bookedFrom }) => bookedFrom === undefined)
  if (lines.length === 0) return []
  const known = await accrualsOf(
    db,
    lines.map(({ contractRef }) => contractRef),
  )
  const billed = lines.map((line) => ({ ...line, accruedFor: accruedFor(line) }))
  return settleAccruals(db, billedBy(billed, known))
}

/** The statements that take back what no invoice billed in the end, such as usage that was voided. */
export const settleLeft = async (db: Db): Promise<Statement[]> =>
  settleAccruals(db, await accrualsLeft(db, PAGE_ACCRUALS))
