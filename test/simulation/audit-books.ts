import { roundedQuotient } from './arithmetic.ts'
import { SOLD_CREDIT } from './bargains.ts'
import { type Books, differs, type EntryRow, type GrantRow, type LineRow, sumOf } from './books.ts'
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
    ...books.lines
      .filter(({ sells_credit }) => sells_credit !== null)
      .flatMap((line) => auditSale(books, line)),
  ]
}

function auditInvoiceAccounts(books: Books, invoice: Books['invoices'][number]): string[] {
  const own = books.entries.filter(({ invoice_id }) => invoice_id === invoice.id)
  const issued = own.filter(({ event }) => event === 'invoice_issued')
  const settled = sumOf(books.allocations.filter(({ invoice_id }) => invoice_id === invoice.id))
  const total = BigInt(invoice.total)
  const sold = sumOf(
    books.lines
      .filter(({ invoice_id, sells_credit }) => invoice_id === invoice.id && sells_credit !== null)
      .map(({ net_amount: amount }) => ({ amount })),
  )
  return [
    ...differs(`${invoice.number} issued: receivable`, on('accounts_receivable', issued), total),
    ...differs(
      `${invoice.number} issued: position`,
      on('contract_position', issued),
      sold + BigInt(invoice.total_tax) - total,
    ),
    ...differs(`${invoice.number} issued: tax`, on('tax_payable', issued), -invoice.total_tax),
    ...differs(`${invoice.number} open`, on('accounts_receivable', own), total - settled),
    ...differs(`${invoice.number} is not paid beyond its total`, settled <= total, true),
  ]
}

/** What is owed for credit that was sold: its price, less that of all that is gone, rounded once. */
const owedOf = ({ cost_basis, amount, gone }: GrantRow): bigint =>
  BigInt(cost_basis) - roundedQuotient(BigInt(cost_basis) * BigInt(gone), BigInt(amount))

/** Each line that sells credit has granted it, once and for its price, and what rolls over of it is granted again. */
function auditSale({ grants }: Books, { id, amount, net_amount }: LineRow): string[] {
  const own = grants.filter(({ source_id }) => source_id === id)
  const sold = own.filter(({ source }) => source === 'invoice')
  const { paid, granted } = SOLD_CREDIT
  const credit = roundedQuotient(BigInt(amount) * BigInt(granted), BigInt(paid))
  const rolled = own.map((grant) => ({ amount: grant.rolled }))
  return [
    ...differs(
      `${id} sells`,
      sold.map((one) => `${one.amount} for ${one.cost_basis}`),
      [`${credit} for ${net_amount}`],
    ),
    ...differs(`${id} rolls over`, sumOf(own.filter(({ source }) => source === 'rollover')), sumOf(rolled)),
  ]
}

/** No more of a grant is used than there is, and invoices have what is gone of it. */
function auditGrant({ allocations }: Books, { ref, amount, burnt, gone }: GrantRow): string[] {
  const used = sumOf(allocations.filter(({ grant_id }) => grant_id === ref))
  return [
    ...differs(`grant ${ref} is not overdrawn`, gone <= amount, true),
    ...differs(`grant ${ref} used`, used, BigInt(burnt)),
  ]
}

/** What the close of a month shows on these is taken back on the next day. */
const OF_MONTH_ENDS = [
  'advances_not_due',
  'unbilled_receivable',
  'contract_asset',
  'deposit_liability',
  'refund_liability',
]

/** For each seller and currency: receivables are the open invoices, and money is where it was put. */
function auditControlAccounts(books: Books): string[] {
  const books_ = [...new Set(books.entries.map(({ entity_ref, currency }) => `${entity_ref} ${currency}`))]
  return books_.flatMap((book) => {
    const isOwn = (row: { entity_ref: string; currency: string }) =>
      `${row.entity_ref} ${row.currency}` === book
    const entries = books.entries.filter(isOwn)
    const invoices = books.invoices.filter(isOwn)
    const payments = books.payments.filter(isOwn)
    const invoiced = new Set(invoices.map(({ id }) => id))
    const paidBy = new Set(payments.map(({ id }) => id))
    const isPaid = (row: { payment_id: string | null }) => paidBy.has(row.payment_id ?? '')
    const settled = sumOf(books.allocations.filter(({ invoice_id }) => invoiced.has(invoice_id)))
    const applied = sumOf(books.allocations.filter(isPaid))
    const credited = sumOf(books.credits.filter(isPaid))
    const refunds = books.refunds.filter(isPaid)
    const returned = sumOf(refunds.map(({ from_unapplied: amount }) => ({ amount })))
    const billed = sumOf(invoices.map(({ total }) => ({ amount: total })))
    const grants = books.grants.filter(isOwn)
    const kept = grants.filter(({ invoice_id }) => invoice_id === null)
    const gone = sumOf(kept.map((grant) => ({ amount: grant.gone })))
    const owed = grants
      .filter(({ invoice_id }) => invoice_id !== null)
      .reduce((all, one) => all + owedOf(one), 0n)
    const byRail = (rail: string) => {
      const own = payments.filter((payment) => payment.rail === rail)
      const ids = new Set(own.map(({ id }) => id))
      return sumOf(own) - sumOf(refunds.filter(({ payment_id }) => ids.has(payment_id)))
    }
    return [
      ...differs(`${book} receivables`, on('accounts_receivable', entries), billed - settled),
      ...differs(`${book} received by hand`, on('manual_clearing', entries), byRail('manual')),
      ...differs(`${book} received by the bank`, on('bank_clearing', entries), byRail('wire')),
      ...differs(`${book} credit`, on('customer_credit', entries), gone - credited - owed),
      ...differs(`${book} credit kept as grants`, sumOf(kept), credited),
      ...differs(
        `${book} unapplied`,
        on('unapplied_cash', entries),
        applied + credited + returned - sumOf(payments),
      ),
      ...OF_MONTH_ENDS.flatMap((account) =>
        differs(`${book} ${account} between month ends`, on(account, entries), 0n),
      ),
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
      const returned = books.refunds.map((refund) => ({ ...refund, amount: refund.from_unapplied }))
      const uses = [...books.allocations, ...books.credits, ...returned]
      const used = uses.filter(({ payment_id }) => payment_id === id)
      return differs(`${id} is not used beyond its amount`, sumOf(used) <= BigInt(amount), true)
    }),
    ...differs(
      'allocations of something',
      // What was recovered of a loss may be lost again.
      books.allocations.every(({ amount, reverses, kind }) =>
        reverses === null ? amount > 0 : amount < 0 || kind === 'write_off',
      ),
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
        .filter(({ kind, reverses }) => kind === 'payment' && reverses === null)
        .map(({ id }) => JSON.stringify({ allocationId: id }))
        .sort()
        .join(),
    ),
  ]
}

/** Debit less credit. */
export const on = (account: string, entries: readonly EntryRow[]): bigint =>
  sumOf(entries.filter((entry) => entry.account === account))
