import type { Minor } from '../../kernel/money.ts'
import { PRESENTED, type PresentedAccount } from '../../ledger/fx/open-item.ts'
import { presentPosition } from '../../revenue/deal/position.ts'

/** What the books hold of a contract in one currency at the end of a month, and what is known of it. Minor units. */
export type Position = {
  /** Billed less recognised: in credit positive. */
  net: Minor
  /** Usage that is revenue and on no invoice yet. */
  accrued: Minor
  /** Billed and unpaid for service that the customer can still leave without penalty. */
  notDue: Minor
  /** Of what is billed and no revenue the part that is not paid, without tax; where the criteria are not met. */
  unpaid: Minor
  /** False while the criteria for a contract are not met. */
  isContract: boolean
  /** What the customer is expected to get back of the price of all that was performed. */
  expectedBack: Minor
}

/** The same; `beside` is what those before it hold, where several contracts are accounted for as one. */
export type Found = Position & { beside?: Position | null | undefined }

/** What stands on an account of the balance sheet in place of the contract position, debit positive. */
export type Presented = Readonly<Record<PresentedAccount, Minor>>

export const NOTHING_FOUND: Position = {
  net: 0n,
  accrued: 0n,
  notDue: 0n,
  unpaid: 0n,
  isContract: true,
  expectedBack: 0n,
}

/**
 * How the position of one contract stands in the balance sheet.
 *
 * - What is billed ahead and unpaid is neither a receivable nor a liability while the customer can leave without penalty
 *   (ASC 606-10-55-284, IFRS 15.IE199): it stands against the receivable.
 * - Without a contract in the sense of the standards nothing that is unpaid counts, and what was paid is a deposit
 *   (606-10-25-8, IFRS 15.16).
 * - In debit it is an unbilled receivable as far as nothing but time stands before the invoice, and a contract asset
 *   beyond that (606-10-45-1 to 45-4).
 * - In credit it is a refund liability as far as it is expected to go back to the customer (606-10-32-10), and a contract
 *   liability beyond that, which stays where it is.
 *
 * Contracts that are accounted for as one are one position, and each shows what it changes of that.
 *
 * @example net -500.00 with 300.00 of usage: unbilled receivable 300.00, contract asset 200.00
 * @example 1,000.00 billed ahead and unpaid, cancellable: 1,000.00 in credit against the receivable, no liability
 */
export const presentationOf = ({ beside, ...own }: Found): Presented =>
  beside ? changeOf(presented(together(beside, own)), presented(beside)) : presented(own)

function presented({ net, accrued, notDue, unpaid, isContract, expectedBack }: Position): Presented {
  const heldBack = isContract ? notDue : least(unpaid, net)
  const { contractLiability, contractAsset, unbilledReceivable } = presentPosition(net - heldBack, accrued)
  return {
    advances_not_due: -heldBack,
    unbilled_receivable: unbilledReceivable,
    contract_asset: contractAsset,
    deposit_liability: isContract ? 0n : -contractLiability,
    refund_liability: isContract ? -least(expectedBack, contractLiability) : 0n,
  }
}

/** By how much one presentation differs from another, account by account. */
export const changeOf = (after: Presented, before: Presented): Presented =>
  eachAccount((account) => after[account] - before[account])

export const isNothing = (presented: Presented): boolean =>
  PRESENTED.every((account) => presented[account] === 0n)

/** Two contracts as one. Whether there is a contract is stated of both together. */
export const together = (one: Position, other: Position): Position => ({
  net: one.net + other.net,
  accrued: one.accrued + other.accrued,
  notDue: one.notDue + other.notDue,
  unpaid: one.unpaid + other.unpaid,
  isContract: other.isContract,
  expectedBack: one.expectedBack + other.expectedBack,
})

const eachAccount = (amountOf: (account: PresentedAccount) => Minor): Presented =>
  Object.fromEntries(PRESENTED.map((account) => [account, amountOf(account)])) as Presented

/** The smaller of two amounts, and nothing where either is below zero. */
const least = (one: Minor, other: Minor): Minor => {
  const smaller = one < other ? one : other
  return smaller < 0n ? 0n : smaller
}
