import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import type { HeldBack } from '../invoicing/corrections/write-off.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Db } from '../storage/db.store.ts'
import { billedServices } from './billed-services.store.ts'
import { heldBackOfLines } from './held-back-lines.ts'

/**
 * What of an invoice's lines is no revenue on a day, since there is no contract in the sense of the primary book. Of an
 * invoice that was taken over from elsewhere revenue was recognised there.
 */
export const heldBackOfInvoice =
  (db: Db) =>
  async (
    { lines, origin }: Pick<Invoice, 'lines' | 'origin'>,
    reversals: readonly LineReversal[],
    today: LocalDate,
  ): Promise<Map<string, HeldBack>> => {
    if (origin === 'import') return new Map()
    const lineOf = new Map(reversals.map(({ id, lineId }) => [id, lineId]))
    const services = await billedServices(db, [...lines.map(({ id }) => id), ...lineOf.keys()])
    return heldBackOfLines(services, lineOf, today)
  }
