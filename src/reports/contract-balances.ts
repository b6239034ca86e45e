import type { AccountedAsOne } from '../closing/presentation/combined.ts'
import { presentationOf } from '../closing/presentation/presentation.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { agree, type Measured, sumByCurrency, type Tabulated, tabulate } from './tabulate.ts'

/** What the books hold of a contract in one currency, and what is known of it; several that are accounted for as one are one. */
export type ContractPosition = AccountedAsOne & { entityRef: string }

export const BALANCE_WORDS = ['contract_ref', 'customer_ref', 'entity_ref'] as const
export const BALANCES = [
  'contract_liability',
  'current',
  'non_current',
  'deposit_liability',
  'refund_liability',
  'advances_not_due',
  'contract_asset',
  'unbilled',
  'net',
] as const
export const ACCRUED = ['accrued', 'billed_ahead', 'unbilled'] as const
export const DEFERRED = ['current', 'non_current', 'contract_liability'] as const

type Word = (typeof BALANCE_WORDS)[number]
type Balance = Measured<Word, (typeof BALANCES)[number]>

export type ContractBalances = Tabulated<Word, (typeof BALANCES)[number]> & {
  /** True when in every currency the contracts add up to the account. */
  tied: boolean
}

/**
 * How each contract stands in the balance sheet, as the close of a month shows it (`presentationOf`): what is billed and
 * not due, a deposit, a refund or a contract liability, which is current as far as it is earned within twelve months; or an
 * unbilled receivable for usage that only waits for its invoice, and a contract asset for all else. Contracts are never
 * netted with each other, but for those that are accounted for as one (ASC 606-10-45-1 to 45-4, IFRS 15.105 to 108).
 *
 * @param later what each contract (by `contractKey`) was billed for days after the twelve months
 * @param ledger what stands in credit on the contract position account for each currency
 * @example usage 300 unbilled, and 200 more recognised than billed: net −500 = −200 asset − 300 unbilled
 */
export function contractBalancesOf(
  positions: readonly ContractPosition[],
  later: ReadonlyMap<string, Minor>,
  ledger: ReadonlyMap<string, Minor>,
): ContractBalances {
  const balances = positions.map((own) => balanceOf(own, later))
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
export function unbilledOf(
  positions: readonly ContractPosition[],
): Tabulated<Word, (typeof ACCRUED)[number]> {
  const lines = positions.map((own) => {
    const { accrued } = own.position
    const unbilled = presentationOf(own.position).unbilled_receivable
    return {
      currency: own.currency,
      words: wordsOf(own),
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
  positions: readonly ContractPosition[],
  later: ReadonlyMap<string, Minor>,
): Tabulated<Word, (typeof DEFERRED)[number]> {
  const balances = positions.map((own) => balanceOf(own, later))
  return tabulate(
    balances.filter(({ figures }) => figures.contract_liability !== 0n),
    DEFERRED,
  )
}

/** Names a contract's position in one currency. */
export const contractKey = ({ contractRef, currency }: { contractRef: string; currency: string }): string =>
  `${currency} ${contractRef}`

function balanceOf(own: ContractPosition, later: ReadonlyMap<string, Minor>): Balance {
  const { net } = own.position
  const shown = presentationOf(own.position)
  const liability = net + sum(Object.values(shown))
  const nonCurrent = within(liability, laterOf(own, later))
  return {
    currency: own.currency,
    words: wordsOf(own),
    figures: {
      contract_liability: liability,
      current: liability - nonCurrent,
      non_current: nonCurrent,
      deposit_liability: -shown.deposit_liability,
      refund_liability: -shown.refund_liability,
      advances_not_due: -shown.advances_not_due,
      contract_asset: shown.contract_asset,
      unbilled: shown.unbilled_receivable,
      net,
    },
  }
}

const laterOf = ({ contractRefs, currency }: ContractPosition, later: ReadonlyMap<string, Minor>): Minor =>
  sum(contractRefs.map((contractRef) => later.get(contractKey({ contractRef, currency })) ?? 0n))

/** At least nothing, and at most the whole. */
function within(whole: Minor, part: Minor): Minor {
  if (part < 0n) return 0n
  return part < whole ? part : whole
}

const wordsOf = ({
  contractRefs: [contractRef],
  customerRef,
  entityRef,
}: ContractPosition): Record<Word, string> => ({
  contract_ref: contractRef,
  customer_ref: customerRef ?? '',
  entity_ref: entityRef,
})

const isOpen = ({ figures }: Balance): boolean => BALANCES.some((figure) => figures[figure] !== 0n)
