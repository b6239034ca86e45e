import { type Minor, sum } from '../../kernel/money.ts'
import { type BilledInvoice, type OpenInvoice, unpaidOf, unpaidOfLatest } from './advance.ts'
import type { Judgement } from './judgement.ts'
import type { Found } from './presentation.ts'
import type { FoundInBooks } from './presentation-entry.ts'

/** What the books hold of one product of a contract at the end of a day, minor units; in credit positive. */
export type BookedPosition = {
  currency: string
  contractRef: string
  customerRef: string | null
  /** In the primary book; `both`: in the primary and the secondary one together. */
  primary: Minor
  both: Minor
  /** True for metered usage: nothing but time keeps it from being invoiced. */
  isUsage: boolean
}

/** What is known of the contracts of a legal entity at the end of a day. */
export type Known = {
  positions: readonly BookedPosition[]
  invoices: readonly OpenInvoice[]
  /** What is billed of contracts whose criteria are not met, the latest invoice first. */
  billed: readonly BilledInvoice[]
  /** By invoice: what it bills for days that nobody is bound to, without tax. */
  beyond: ReadonlyMap<string, Minor>
  /** What is stated of contracts, by the framework of the primary book and by that of both books together. */
  judged: ReadonlyMap<string, Judgement>
  judgedOtherwise: ReadonlyMap<string, Judgement> | undefined
}

/** A contract in one currency, with what a close finds of it. */
export type FoundContract = {
  currency: string
  contractRef: string
  customerRef: string | null
  found: FoundInBooks
}

/** What a close finds of each contract, in each of its currencies. */
export function foundContracts(known: Known): FoundContract[] {
  const invoices = Map.groupBy(known.invoices, keyOf)
  const billed = Map.groupBy(known.billed, keyOf)
  const contracts = Map.groupBy(known.positions, keyOf)
  return [...contracts].map(([key, own]) => {
    const { currency, contractRef } = own[0]!
    const customerRef = own.find((one) => one.customerRef !== null)?.customerRef ?? null
    const open = invoices.get(key) ?? []
    const byId = new Map(open.map((invoice) => [invoice.id, invoice]))
    const notDue = sum(open.map((invoice) => unpaidOf(known.beyond.get(invoice.id) ?? 0n, invoice)))
    const foundIn = (book: 'primary' | 'both', judged: Known['judged']): Found => {
      const position = netOf(own.map((one) => ({ net: one[book], isUsage: one.isUsage })))
      const unpaid = unpaidOfLatest(position.net, billed.get(key) ?? [], byId)
      return { ...position, notDue, unpaid, ...(judged.get(contractRef) ?? NOTHING_STATED) }
    }
    const otherwise = known.judgedOtherwise
    const found = {
      primary: foundIn('primary', known.judged),
      both: otherwise && foundIn('both', otherwise),
    }
    return { currency, contractRef, customerRef, found }
  })
}

const NOTHING_STATED: Judgement = { isContract: true, expectedBack: 0n }

const keyOf = ({ currency, contractRef }: { currency: string; contractRef: string }): string =>
  `${currency} ${contractRef}`

/** The products of a contract are netted; usage that is not invoiced stands against nothing that was billed ahead. */
export const netOf = (
  products: readonly { net: Minor; isUsage: boolean }[],
): Pick<Found, 'net' | 'accrued'> => ({
  net: sum(products.map(({ net }) => net)),
  accrued: sum(products.map(({ net, isUsage }) => (isUsage && net < 0n ? -net : 0n))),
})
