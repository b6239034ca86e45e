import { type Minor, sum } from '../kernel/money.ts'
import { presentPosition } from '../revenue/deal/position.ts'
import { agree, type Measured, sumByCurrency, type Tabulated, tabulate } from './tabulate.ts'

/** What the books hold of one product of a contract on the contract position account, minor units. */
export type ProductPosition = {
  entityRef: string
  contractRef: string
  customerRef: string
  productRef: string
  currency: string
  /** Billed less recognised: what stands in credit is positive. */
  net: Minor
  /** True for metered usage: nothing but time keeps it from being invoiced. */
  unconditional: boolean
}

export const BALANCE_WORDS = ['contract_ref', 'customer_ref', 'entity_ref'] as const
export const BALANCES = ['contract_liability', 'contract_asset', 'unbilled', 'net'] as const
export const ACCRUED = ['accrued', 'billed_ahead', 'unbilled'] as const
export const DEFERRED = ['current', 'non_current', 'contract_liability'] as const

type Word = (typeof BALANCE_WORDS)[number]
type Balance = Measured<Word, (typeof BALANCES)[number]>

export type ContractBalances = Tabulated<Word, (typeof BALANCES)[number]> & {
  /** True when in every currency the contracts add up to the account. */
  tied: boolean
}

/**
 * How each contract stands in the balance sheet (ASC 606-10-45-1 to 45-4, IFRS 15.105 to 108): a contract liability, or an
 * unbilled receivable for usage that only waits for its invoice, and a contract asset for all else that was recognised
 * ahead of its invoice. Contracts are never netted with each other; the products of one are.
 *
 * @param ledger what stands in credit on the contract position account for each currency
 * @example usage 300 unbilled, and 200 more recognised than billed: net −500 = −200 asset − 300 unbilled
 */
export function contractBalancesOf(
  positions: readonly ProductPosition[],
  ledger: ReadonlyMap<string, Minor>,
): ContractBalances {
  const balances = byContract(positions).map(balanceOf)
  return {
    ...tabulate(balances.filter(isOpen), BALANCES),
    tied: agree(
      sumByCurrency(balances, ({ figures }) => figures.net),
      ledger,
    ),
  }
}

/**
 * Usage that has become revenue and is on no invoice yet, by contract: `unbilled` is what the balance sheet shows of it,
 * after what the same contract was billed in advance for other products.
 */
export function unbilledOf(positions: readonly ProductPosition[]): Tabulated<Word, (typeof ACCRUED)[number]> {
  const lines = byContract(positions).map((own) => {
    const accrued = accruedOf(own)
    const { unbilled } = balanceOf(own).figures
    return {
      currency: own[0].currency,
      words: wordsOf(own[0]),
      figures: { accrued, billed_ahead: unbilled - accrued, unbilled },
    }
  })
  return tabulate(
    lines.filter(({ figures }) => figures.accrued !== 0n),
    ACCRUED,
  )
}

/**
 * Deferred revenue by when it is earned: `current` within twelve months of the day, `non_current` after that. A contract
 * owes no more later than its liability is.
 *
 * @param later what each contract (by `contractKey`) was billed for days after the twelve months
 */
export function deferredOf(
  positions: readonly ProductPosition[],
  later: ReadonlyMap<string, Minor>,
): Tabulated<Word, (typeof DEFERRED)[number]> {
  const lines = byContract(positions).map((own) => {
    const { contract_liability: liability } = balanceOf(own).figures
    const after = later.get(contractKey(own[0])) ?? 0n
    const nonCurrent = after < 0n ? 0n : after < liability ? after : liability
    return {
      currency: own[0].currency,
      words: wordsOf(own[0]),
      figures: { current: liability - nonCurrent, non_current: nonCurrent, contract_liability: liability },
    }
  })
  return tabulate(
    lines.filter(({ figures }) => figures.contract_liability !== 0n),
    DEFERRED,
  )
}

/** Names a contract's position in one currency. */
export const contractKey = ({ contractRef, currency }: { contractRef: string; currency: string }): string =>
  `${currency} ${contractRef}`

type NonEmpty<T> = readonly [T, ...T[]]

const byContract = (positions: readonly ProductPosition[]): NonEmpty<ProductPosition>[] => [
  ...(Map.groupBy(positions, (one) => `${one.entityRef} ${contractKey(one)}`).values() as Iterable<
    NonEmpty<ProductPosition>
  >),
]

function balanceOf(own: NonEmpty<ProductPosition>): Balance {
  const net = sum(own.map((one) => one.net))
  const { contractLiability, contractAsset, unbilledReceivable } = presentPosition(net, accruedOf(own))
  return {
    currency: own[0].currency,
    words: wordsOf(own[0]),
    figures: {
      contract_liability: contractLiability,
      contract_asset: contractAsset,
      unbilled: unbilledReceivable,
      net,
    },
  }
}

/** Nothing that was billed in advance for one product stands against another here. */
const accruedOf = (own: readonly ProductPosition[]): Minor =>
  sum(own.map(({ net, unconditional }) => (unconditional && net < 0n ? -net : 0n)))

const wordsOf = ({ contractRef, customerRef, entityRef }: ProductPosition): Record<Word, string> => ({
  contract_ref: contractRef,
  customer_ref: customerRef,
  entity_ref: entityRef,
})

const isOpen = ({ figures }: Balance): boolean => figures.net !== 0n
