import type { Contract } from '../../contracts/contract.ts'
import { type CreditUse, usesOf } from '../../invoicing/cycle/unbilled-in-order.ts'
import type { Minor } from '../../kernel/money.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import { accruedCredit } from './accrual.schema.ts'

/** The credit of these contracts' customers that accruals count on. */
export const creditCounted = (db: Db, contracts: readonly Contract[]): Promise<CreditUse[]> =>
  db
    .select({
      contractRef: accruedCredit.contractRef,
      grantRef: accruedCredit.grantRef,
      amount: accruedCredit.amount,
    })
    .from(accruedCredit)
    .where(inList(accruedCredit.customerRef, [...new Set(contracts.map(({ customerRef }) => customerRef))]))

type Counting = { contract: Contract; creditUsed: Record<string, Minor> }

/** True where a contract counts on other credit than before. */
export function countsAnew({ contract, creditUsed }: Counting, counted: readonly CreditUse[]): boolean {
  const before = counted.filter(({ contractRef }) => contractRef === contract.ref)
  return (
    before.length !== Object.keys(creditUsed).length ||
    before.some(({ grantRef, amount }) => creditUsed[grantRef] !== amount)
  )
}

/** The statements that keep what contracts count on, in place of what they did before. */
export const keepCounted = (db: Db, counting: readonly Counting[]): Statement[] =>
  counting.length === 0
    ? []
    : [
        db.delete(accruedCredit).where(
          inList(
            accruedCredit.contractRef,
            counting.map(({ contract }) => contract.ref),
          ),
        ),
        ...insertRows(
          db,
          accruedCredit,
          counting.flatMap((one) =>
            usesOf(one.contract.ref, one).map((use) => ({ ...use, customerRef: one.contract.customerRef })),
          ),
        ),
      ]
