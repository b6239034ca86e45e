import type { BankAccount } from '../customers/customer.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import type { Settlement } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sha256Hex } from '../kernel/hash.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { tokenValue } from '../payments/crypto/token.ts'
import { type ChainProgress, type ChainTransfer, confirmation } from '../payments/crypto/transfer.ts'
import type { Rail } from '../payments/payment.ts'
import { type Standing, standingOf } from '../web/standing.ts'

/** What is known of an invoice and of the money for it. */
export type InvoiceFacts = {
  invoice: Invoice
  allocated: Minor
  settlement: Settlement
  payments: { rail: Rail; receivedOn: LocalDate; applied: Minor }[]
  transfers: (ChainTransfer & ChainProgress)[]
  cardAttempts: { outcome: string; attemptedAt: number }[]
}

export type HostedInvoice = InvoiceFacts & {
  standing: Standing
  amountDue: Minor
  /** What is due and not yet under way: what the customer is asked to pay. */
  toPay: Minor
  underWay: TransferUnderWay[]
  /** Changes when anything changes that the page shows. */
  version: string
}

export type TransferUnderWay = {
  transfer: ChainTransfer
  value: Minor
  confirmations: number
  blocksToFinal: number
}

/**
 * How the invoice stands for its customer. Money seen on a chain, and a card payment that has just been made or is
 * being tried, is not asked for again, although it is in no books yet.
 *
 * @param cardSent the customer comes back from the card page, whose notice to us may still be on its way
 */
export function hostedInvoice(facts: InvoiceFacts, today: LocalDate, cardSent: boolean): HostedInvoice {
  const { invoice, allocated, transfers, cardAttempts, payments } = facts
  const amountDue = invoice.total > allocated ? invoice.total - allocated : 0n
  const underWay = transfers.filter(({ state }) => state === 'seen').map(transferUnderWay)
  const cardUnderWay = cardSent || cardAttempts.at(-1)?.outcome === 'pending'
  const coming = cardUnderWay ? amountDue : sum(underWay.map(({ value }) => value))
  return {
    ...facts,
    standing: standingOf(invoice, facts.settlement, today, coming > 0n),
    amountDue,
    toPay: coming < amountDue ? amountDue - coming : 0n,
    underWay,
    version: versionOf([allocated, payments.length, transfers, cardAttempts]),
  }
}

/** Rows of the database hold amounts, which JSON has no form for. */
const versionOf = (shown: unknown[]): string =>
  sha256Hex(JSON.stringify(shown, (_, value) => (typeof value === 'bigint' ? String(value) : value))).slice(
    0,
    16,
  )

const transferUnderWay = (transfer: ChainTransfer & ChainProgress): TransferUnderWay => ({
  transfer,
  value: tokenValue(BigInt(transfer.units), transfer.decimals, transfer.currency),
  ...confirmation(transfer, transfer),
})

/** The seller's accounts, as they were on the day of issue, that take the invoice's currency. */
export const accountsFor = ({ parties, currency }: Invoice): BankAccount[] =>
  parties.seller.bank_accounts.filter((account) => account.currency === currency)
