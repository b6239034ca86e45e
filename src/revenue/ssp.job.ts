import { type Actor, audit } from '../access/access.store.ts'
import { findProducts } from '../catalog/catalog.store.ts'
import { findEntity } from '../customers/customers.store.ts'
import { addMonths, type LocalDate, localDate } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../storage/db.store.ts'
import type { SspEntry } from './accounting/ssp-book.ts'
import { insertBook, latestBook, type SspBookRow } from './ssp.store.ts'

/**
 * Prices are written some time before they hold. A day further ahead is a slip of the hand, and would be for good, since
 * no version of an earlier day can follow.
 */
const MONTHS_AHEAD_MAX = 24

type SentBook = Pick<SspBookRow, 'entityRef' | 'effectiveDate' | 'approvedBy' | 'entries' | 'bundles'>

/**
 * Writes the next version of an entity's selling prices; the content of the latest one again is that version. Contracts
 * keep the prices that held when they were agreed. Throws `product_unknown`, `ssp_date_before_latest`,
 * `ssp_date_too_far` or `ssp_book_changed`.
 */
export async function writeBook(
  db: Db,
  actor: Actor,
  sent: SentBook,
): Promise<{ row: SspBookRow; created: boolean }> {
  const [entity, before] = await Promise.all([
    findEntity(db, sent.entityRef),
    latestBook(db, sent.entityRef),
    refuseUnknownProducts(db, sent.entries),
  ])
  if (!entity) throw notFound('legal entity', sent.entityRef)
  if (before && isSame(before, sent)) return { row: before, created: false }
  const latestDay = addMonths(localDate(actor.now, entity.timezone), MONTHS_AHEAD_MAX)
  refuseDate(sent.effectiveDate, before?.effectiveDate, latestDay)
  const row = {
    ...sent,
    version: (before?.version ?? 0) + 1,
    actor: actor.principal.label,
    createdAt: actor.now,
  }
  try {
    await commit(db, [
      ...insertBook(db, row),
      ...audit(db, actor, { action: 'ssp.write', subject: row.entityRef, before, after: row }),
    ])
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw conflict(
      'ssp_book_changed',
      'Someone else wrote selling prices meanwhile; read them and try again.',
    )
  }
  return { row, created: true }
}

/** Versions follow one another by their days. */
function refuseDate(date: LocalDate, before: LocalDate | undefined, latestDay: LocalDate): void {
  const refuse = (code: string, message: string) => {
    throw invalid(code, `The effective_date ${message}.`, [{ path: 'effective_date', message }])
  }
  if (before !== undefined && date < before)
    refuse('ssp_date_before_latest', `must be ${before} or later: the day of the latest version`)
  if (date > latestDay)
    refuse(
      'ssp_date_too_far',
      `must be ${latestDay} or earlier: two years ahead, since no earlier day can follow`,
    )
}

const isSame = (book: SspBookRow, sent: SentBook): boolean =>
  canonicalJson(contentOf(book)) === canonicalJson(contentOf(sent))

const contentOf = ({ effectiveDate, approvedBy, entries, bundles }: SentBook) => [
  effectiveDate,
  approvedBy,
  entries,
  bundles,
]

async function refuseUnknownProducts(db: Db, entries: readonly SspEntry[]): Promise<void> {
  const known = await findProducts(db, [...new Set(entries.map(({ product_ref }) => product_ref))])
  const message = 'there is no such product; make it with POST /api/products'
  const faults = entries.flatMap(({ product_ref }, place) =>
    known.has(product_ref) ? [] : [{ path: `entries.${place}.product_ref`, message }],
  )
  if (faults.length > 0)
    throw invalid('product_unknown', 'A selling price is of a product that is set up.', faults)
}
