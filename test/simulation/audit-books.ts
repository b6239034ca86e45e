import { type Books, differs, type EntryRow, type GrantRow, sumOf } from './books.ts'
import type { Facts } from './facts.ts'

/** Every entry balances, happened once, and the accounts say what the documents say. */
export function auditLedger(books: Books): string[] {
  const byEntry = Map.groupBy(books.entries, ({ id }) => id)
  const sources = [...byEntry.values()].map(([entry]) => `${entry!.event} ${entry!.source_id}`)
  return [
    ...[...byEntry].flatMap(([id, postings]) => differs(`balance of ${id}`, sumOf(postings), 0n)),
    ...differs('entries with one cause each', new Set(sources).size, sources.length),
    ...books.invoices.flatMap((invoice) => auditInvoiceAccounts(books, invoice)),
    ...auditControlAccounts(books),
    ...books.grants.flatMap((grant) => auditGrant(books, grant)),
  ]
}

function auditInvoiceAccounts(books: Books, invoice: Books['invoices'][number]): string[] {
  const own = books.entries.filter(({ invoice_id }) => invoice_id === invoice.id)
  const issued = own.filter(({ event }) => event === 'invoice_issued')
  const allocated = sumOf(books.allocations.filter(({ invoice_id }) => invoice_id === invoice.id))
  const used = sumOf(books.creditUses.filter(({ invoice_id }) => invoice_id === invoice.id))
  const total = BigInt(invoice.total)
  return [
    ...differs(`${invoice.number} issued: receivable`, on('accounts_receivable', issued), total),
    ...differs(`${invoice.number} issued: position`, on('contract_position', issued), -invoice.sub_total),
    ...differs(`${invoice.number} issued: tax`, on('tax_payable', issued), -invoice.total_tax),
    ...differs(`${invoice.number} open`, on('accounts_receivable', own), total - allocated - used),
    ...differs(`${invoice.number} is not paid beyond its total`, allocated + used <= total, true),
  ]
}

/** No more of a grant is used than there is, and invoices have what is gone of it. */
function auditGrant({ creditUses }: Books, { ref, amount, burnt, gone }: GrantRow): string[] {
  const used = sumOf(creditUses.filter(({ grant_id }) => grant_id === ref))
  return [
    ...differs(`grant ${ref} is not overdrawn`, gone <= amount, true),
    ...differs(`grant ${ref} used`, used, BigInt(burnt)),
  ]
}

/** For each seller and currency: receivables are the open invoices, and money is where it was put. */
function auditControlAccounts(books: Books): string[] {
  const books_ = [...new Set(books.entries.map(({ entity_ref, currency }) => `${entity_ref} ${currency}`))]
  return books_.flatMap((book) => {
    const isOwn = (row: { entity_ref: string; currency: string }) =>
      `${row.entity_ref} ${row.currency}` === book
    const entries = books.entries.filter(isOwn)
    const invoices = books.invoices.filter(isOwn)
    const payments = books.payments.filter(isOwn)
    const paidBy = new Set(payments.map(({ id }) => id))
    const allocated = sumOf(books.allocations.filter(({ payment_id }) => paidBy.has(payment_id)))
    const credited = sumOf(books.credits.filter(({ payment_id }) => paidBy.has(payment_id)))
    const billed = sumOf(invoices.map(({ total }) => ({ amount: total })))
    const received = sumOf(payments)
    const grants = books.grants.filter(isOwn)
    const used = sumOf(grants.map(({ burnt }) => ({ amount: burnt })))
    const byRail = (rail: string) => sumOf(payments.filter((payment) => payment.rail === rail))
    return [
      ...differs(`${book} receivables`, on('accounts_receivable', entries), billed - allocated - used),
      ...differs(`${book} received by hand`, on('manual_clearing', entries), byRail('manual')),
      ...differs(`${book} received by the bank`, on('bank_clearing', entries), byRail('wire')),
      ...differs(`${book} credit`, on('customer_credit', entries), used - credited),
      ...differs(`${book} credit kept as grants`, sumOf(grants), credited),
      ...differs(`${book} unapplied`, on('unapplied_cash', entries), allocated + credited - received),
    ]
  })
}

/** All money that was reported is there once, no more of it is used than there is, and every cause has its mail. */
export function auditMoney(books: Books, { money }: Facts): string[] {
  const text = (reference: string, entityRef: string, currency: string, amount: bigint | number) =>
    `${reference} ${entityRef} ${currency} ${amount}`
  const recorded = books.payments.map((row) => text(row.reference, row.entity_ref, row.currency, row.amount))
  const reported = money.map((fact) => text(fact.reference, fact.entityRef, fact.currency, fact.amount))
  const mailsOf = (topic: string) =>
    books.mails.filter((mail) => mail.topic === topic).map(({ payload }) => payload)
  return [
    ...differs('payments', recorded.sort().join('\n'), reported.sort().join('\n')),
    ...books.payments.flatMap(({ id, amount }) => {
      const used = [...books.allocations, ...books.credits].filter(({ payment_id }) => payment_id === id)
      return differs(`${id} is not used beyond its amount`, sumOf(used) <= BigInt(amount), true)
    }),
    ...differs(
      'allocations of something',
      books.allocations.every(({ amount }) => amount > 0),
      true,
    ),
    ...differs(
      'mails of invoices',
      mailsOf('invoice_issued_mail').sort().join(),
      books.invoices
        .map(({ id }) => JSON.stringify({ invoiceId: id }))
        .sort()
        .join(),
    ),
    ...differs(
      'mails of receipts',
      mailsOf('receipt_mail').sort().join(),
      books.allocations
        .map(({ id }) => JSON.stringify({ allocationId: id }))
        .sort()
        .join(),
    ),
  ]
}

/** Debit less credit. */
export const on = (account: string, entries: readonly EntryRow[]): bigint =>
  sumOf(entries.filter((entry) => entry.account === account))
