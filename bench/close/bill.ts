import { isNotNull } from 'drizzle-orm'
import type { Contract } from '../../src/contracts/contract.ts'
import { contracts } from '../../src/contracts/contracts.schema.ts'
import { contractColumns } from '../../src/contracts/contracts.store.ts'
import { closeStatements } from '../../src/invoicing/cycle/close.store.ts'
import { readCloseInputs } from '../../src/invoicing/cycle/close-inputs.job.ts'
import { planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import type { Invoice } from '../../src/invoicing/invoice.ts'
import type { Instant } from '../../src/kernel/calendar.ts'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries } from '../../src/ledger/ledger.store.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import type { Books } from './books.ts'

const PAGE = 10

/** Closes the next boundary of every contract by the plans of the product, many in one commit; all is paid at once. */
export async function billAndPay(books: Books, now: Instant): Promise<void> {
  const due = await openDb(books.env.DB)
    .select(contractColumns)
    .from(contracts)
    .where(isNotNull(contracts.nextCloseAt))
  for (let from = 0; from < due.length; from += PAGE) await billPage(books, due.slice(from, from + PAGE), now)
}

async function billPage({ env }: Books, page: readonly Contract[], now: Instant): Promise<void> {
  const db = openDb(env.DB)
  const inputs = await readCloseInputs(env, db, page, 'seal', now, (_, error) => {
    throw error
  })
  const plans = inputs.map((input, place) =>
    planCycleClose({ ...input, nextSequence: input.nextSequence + place }),
  )
  await commit(db, [
    ...plans.flatMap((plan) => closeStatements(db, plan, { closed: NOTHING_CLOSED, release: true }, now)),
    ...postEntries(db, plans.flatMap(({ invoices }) => invoices).map(paid), NOTHING_CLOSED),
  ])
}

/** As the ledger sees it: the money that came in is on the invoice. */
const paid = ({
  id,
  entityRef,
  customerRef,
  contractRef,
  issueDate,
  issuedAt,
  total,
}: Invoice): JournalEntry =>
  journalEntry({
    ...{ entityRef, postingDate: issueDate, event: 'payment_allocated', sourceId: id, currency: 'USD' },
    ...{ description: 'Paid', recordedAt: issuedAt },
    postings: [
      debit('bank_clearing', total, { customerRef }),
      credit('accounts_receivable', total, { invoiceId: id, customerRef, contractRef }),
    ],
  })
