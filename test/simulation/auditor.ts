import { openListFaults } from '../support/open-lists.ts'
import { auditContracts, auditInvoices, auditNumbers } from './audit-billing.ts'
import { auditLedger, auditMoney, on } from './audit-books.ts'
import { auditRevenue, plannedContracts } from './audit-revenue.ts'
import { type Books, differs, readBooks } from './books.ts'
import type { Facts } from './facts.ts'

type Look = {
  now: number
  /** Nothing is under way: all usage was reported before the last close, and all jobs have run. */
  complete?: boolean
  /** All service that was billed has been given. */
  allServed?: boolean
}

/**
 * Works out what the books must say from the facts alone, and compares. It shares no code with the program: a mistake
 * would have to be made twice, in two ways, to go unseen.
 */
export class Auditor {
  readonly #db: D1Database
  readonly #facts: Facts
  /** Invoices as they were at the last look. */
  #seen = new Map<string, string>()

  constructor(db: D1Database, facts: Facts) {
    this.#db = db
    this.#facts = facts
  }

  /** What is wrong, in words; nothing if all is well. */
  async look({ now, complete = false, allServed = false }: Look): Promise<string[]> {
    const books = await readBooks(this.#db)
    return [
      ...auditNumbers(books),
      ...auditInvoices(books, this.#facts),
      ...this.#auditFinality(books),
      ...auditContracts(books, this.#facts, complete),
      ...auditLedger(books),
      ...auditMoney(books, this.#facts),
      ...auditRevenue(books, this.#facts, { now, complete }),
      ...differs('lists of what is open', await openListFaults(this.#db), []),
      ...(allServed ? auditPositions(books) : []),
    ]
  }

  /** An invoice that was seen once stays as it was, to the last column of the last line. */
  #auditFinality({ invoices, lines }: Books): string[] {
    const byInvoice = Map.groupBy(lines, ({ invoice_id }) => invoice_id)
    const before = this.#seen
    this.#seen = new Map(
      invoices.map((invoice) => [invoice.id, JSON.stringify([invoice, byInvoice.get(invoice.id)])]),
    )
    return [...before].flatMap(([id, content]) => differs(`invoice ${id}`, this.#seen.get(id), content))
  }
}

/** A contract that is planned as a whole may have been served further than it was billed. */
function auditPositions(books: Books): string[] {
  const byPlan = plannedContracts(books)
  const entries = books.entries.filter(({ contract_ref }) => !byPlan.has(contract_ref ?? ''))
  return differs('contract positions after all service', on('contract_position', entries), 0n)
}
