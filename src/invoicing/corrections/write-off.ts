import type { Moved } from '../../credits/movement.ts'
import { daysBetween, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { conflict } from '../../kernel/problem.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import { sellsCredit } from '../charges/credit-sale.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { dimensionsOf } from '../line-account.ts'
import { type Allocation, settlementOf } from '../settlement.ts'
import { positionPostings } from './credit-note-entry.ts'
import { type LineReversal, leftOfLine, reverseLines, type Taken, takenForDays } from './line-reversal.ts'
import { type CreditSold, takeableOfLine, withdrawn } from './sold-credit.ts'
import { lossOf, taxesUnpaid, type Unpaid } from './tax-relief.ts'

export type WriteOffInput = {
  invoice: Invoice
  reversals: readonly LineReversal[]
  /** The credit that the invoice has sold. */
  sold?: CreditSold | undefined
  allocations: readonly Allocation[]
  /** By line, what was given and is no revenue for want of a contract. */
  heldBack?: ReadonlyMap<string, HeldBack> | undefined
  reason: string
  /** The tax office gives back the tax on what nobody pays. */
  taxRelief: boolean
  /** Where the seller keeps its books. */
  today: LocalDate
  actor: string
  now: Instant
}

/** What of a line is no revenue while the criteria for a contract are not met: minor units, and for which of its days. */
export type HeldBack = { amount: Minor; serviceStart: LocalDate; serviceEnd: LocalDate }

export type WriteOffPlan = {
  reversals: LineReversal[]
  allocations: Allocation[]
  entries: JournalEntry[]
  /** What is taken back of credit that the invoice has sold. */
  withdrawn: Moved[]
}

/** Rules of a write-off's allocation; the second tells a later recovery that its tax is owed again. */
const WRITE_OFF = 'write_off'
export const WRITE_OFF_WITH_RELIEF = 'write_off_with_tax_relief'

export const writeOffId = (invoiceId: string): string => derivedId('alc', 'write_off', invoiceId)

/**
 * Gives up what is open of an invoice. Service that was given already is a loss: Dr bad debt expense. Service that is
 * still to come will not be revenue: Dr contract position for its share of what is open, and its revenue falls away day
 * by day. Service that was given without a contract (ASC 606-10-25-7, IFRS 15.15) was never revenue, and leaves the
 * position in the same way: there is nothing to lose of it but its tax. Of credit that it sold the unused part is to come:
 * its share of what is open is taken back, and what was paid for stays. With tax relief the tax on what is open is taken
 * off what is owed to the tax office. `recover` is the way back.
 *
 * @throws Problem 409 `nothing_open`, or `invoice_written_off` for one that was written off before.
 * @example 119.00 of which 59.50 are open, half of the service given, no relief: Dr contract position 25.00, Dr bad debt
 *   34.50 / Cr accounts receivable 59.50
 */
export function planWriteOff(input: WriteOffInput): WriteOffPlan {
  const { invoice, allocations } = input
  const open = invoice.total - sum(allocations.map(({ amount }) => amount))
  if (allocations.some(({ id }) => id === writeOffId(invoice.id))) {
    throw conflict('invoice_written_off', `Invoice ${invoice.number} was written off before.`)
  }
  if (open <= 0n) throw conflict('nothing_open', `Nothing is open of invoice ${invoice.number}.`)
  const unpaid = { open, owed: invoice.total - settlementOf(allocations).credited }
  const reversals = notRevenue(input, unpaid)
  const lost = allocationOf(input, unpaid)
  return {
    reversals,
    allocations: [lost],
    entries: [writtenOffEntry(input, lost, reversals)],
    withdrawn: withdrawn(input.sold ?? [], reversals, {
      reason: input.reason,
      actor: input.actor,
      at: input.now,
    }),
  }
}

/** The same part of what is no revenue of each line, or not yet, as is open of the invoice. */
function notRevenue(input: WriteOffInput, { open, owed }: Unpaid): LineReversal[] {
  const { invoice, reversals, today } = input
  const source = {
    cause: 'write_off' as const,
    sourceId: invoice.id,
    invoiceId: invoice.id,
    currency: invoice.currency,
    bookedFrom: today,
  }
  const openPart = (taken: Taken): Taken => ({
    ...taken,
    amount: roundToInteger(rational(taken.amount * open, owed)),
  })
  const held = invoice.lines.flatMap((line) => waiting(line, input)).map(openPart)
  const ahead = invoice.lines.map((line) => notGiven(line, input)).map(openPart)
  const taken = [...held.filter(({ amount }) => amount !== 0n), ...ahead.filter(({ amount }) => amount > 0n)]
  return reverseLines(taken, reversals, source).map((reversal) => ({
    ...reversal,
    tax: 0n,
    taxes: [],
    usageByMonth: inLatestMonth(reversal),
  }))
}

/** What of a line waits for a contract, within what is left of it for days that are over. */
function waiting(line: InvoiceLine, input: WriteOffInput): Taken[] {
  const held = input.heldBack?.get(line.id)
  if (!held || sellsCredit(line)) return []
  const given = leftOfLine(line, input.reversals) - notGiven(line, input).amount
  const isWithin = line.netAmount < 0n ? held.amount >= given : held.amount <= given
  return [{ ...held, line, amount: isWithin ? held.amount : given }]
}

/** Of a line that sells credit what nobody has used, of others the days to come. */
const notGiven = (line: InvoiceLine, { reversals, sold = [], today }: WriteOffInput): Taken =>
  sellsCredit(line)
    ? { ...line, line, amount: takeableOfLine(line, reversals, sold) }
    : toCome(line, reversals, today)

/** Usage that waits for a contract is what was used last: months before the judgement stay revenue. */
export function inLatestMonth({
  usageByMonth,
  amount,
}: Pick<LineReversal, 'usageByMonth' | 'amount'>): Record<string, string> {
  const latest = Object.keys(usageByMonth).sort().at(-1)
  return latest === undefined ? {} : { [latest]: String(amount) }
}

/** What is left of a line for the days from today on. Usage was given when it was billed. */
function toCome(line: InvoiceLine, before: readonly LineReversal[], today: LocalDate): Taken {
  const { serviceEnd, netAmount } = line
  const from = today > line.serviceStart ? today : line.serviceStart
  const days = daysBetween(line.serviceStart, serviceEnd)
  const ahead = daysBetween(from, serviceEnd)
  const isMetered = Object.keys(line.usageByMonth).length > 0
  if (isMetered || ahead <= 0) return { line, amount: 0n, serviceStart: from, serviceEnd }
  const billed = netAmount - roundToInteger(rational(netAmount * BigInt(days - ahead), BigInt(days)))
  const left = billed - roundToInteger(takenForDays(line, before, { start: from, end: serviceEnd }))
  const most = leftOfLine(line, before)
  return { line, amount: left < most ? left : most, serviceStart: from, serviceEnd }
}

const allocationOf = (
  { invoice, reversals, reason, taxRelief, actor, now }: WriteOffInput,
  unpaid: Unpaid,
): Allocation => ({
  id: writeOffId(invoice.id),
  kind: 'write_off',
  paymentId: null,
  grantId: null,
  creditNoteId: null,
  invoiceId: invoice.id,
  amount: unpaid.open,
  reverses: null,
  rule: taxRelief ? WRITE_OFF_WITH_RELIEF : WRITE_OFF,
  explanation: reason,
  actor,
  createdAt: now,
  ...(taxRelief && { taxes: taxesUnpaid(invoice, reversals, unpaid) }),
})

/** Gives up what is open: what was taken of lines was no revenue, the rest is a loss. */
export function writtenOffEntry(
  { invoice, today, actor, now }: Pick<WriteOffInput, 'invoice' | 'today' | 'actor' | 'now'>,
  lost: Pick<Allocation, 'amount' | 'taxes'>,
  reversals: readonly LineReversal[],
): JournalEntry {
  const dimensions = dimensionsOf(invoice)
  const { total: open, totalTax: tax } = lossOf(lost, invoice.currency)
  const taken = sum(reversals.map(({ amount }) => amount))
  return journalEntry({
    entityRef: invoice.entityRef,
    postingDate: today,
    event: 'invoice_written_off',
    sourceId: invoice.id,
    currency: invoice.currency,
    description: `Invoice ${invoice.number} is written off`,
    recordedAt: now,
    postedBy: actor,
    postings: [
      ...positionPostings(invoice, reversals),
      debit('tax_payable', tax, dimensions),
      debit('bad_debt_expense', open - taken - tax, dimensions),
      credit('accounts_receivable', open, dimensions),
    ],
  })
}
