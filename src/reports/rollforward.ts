import { formatMoney, type Minor, sum } from '../kernel/money.ts'

/**
 * How the contract positions of a legal entity moved in one currency, minor units. A position in credit is positive: it
 * is owed to customers as service.
 */
export type PositionMovement = {
  entityRef: string
  currency: string
  opening: Minor
  billed: Minor
  recognised: Minor
  /** What neither an invoice nor recognition posted. */
  other: Minor
  /** Closing positions in credit and in debit, each contract taken alone: they are never netted (ASC 606-10-45-1). */
  liability: Minor
  unbilled: Minor
}

type Figures = Record<
  'opening' | 'billed' | 'recognised' | 'other' | 'closing' | 'contract_liability' | 'unbilled',
  string
>

export type Rollforward = {
  rows: ({ entity_ref: string; currency: string } & Figures)[]
  /** `ledger` is what the account says. */
  totals: ({ currency: string; ledger: string } & Figures)[]
  /** True when in every currency the closing position is the balance of the account. */
  tied: boolean
}

/**
 * The roll-forward of contract balances (ASC 606-10-50-8, IFRS 15.116): opening + billed − recognised + other = closing =
 * contract liability − unbilled, in major units.
 *
 * @param ledger what stands in credit on the contract position account for each currency at the end of the last day
 */
export function rollforwardOf(
  movements: readonly PositionMovement[],
  ledger: ReadonlyMap<string, Minor>,
): Rollforward {
  const byCurrency = Map.groupBy(movements, ({ currency }) => currency)
  const currencies = [...new Set([...byCurrency.keys(), ...ledger.keys()])].sort()
  const totals = currencies.map((currency) => {
    const rows = byCurrency.get(currency) ?? []
    return { currency, rows, booked: ledger.get(currency) ?? 0n }
  })
  return {
    rows: movements.map((row) => ({
      entity_ref: row.entityRef,
      currency: row.currency,
      ...figuresOf([row], row.currency),
    })),
    totals: totals.map(({ currency, rows, booked }) => ({
      currency,
      ...figuresOf(rows, currency),
      ledger: formatMoney(booked, currency),
    })),
    tied: totals.every(({ rows, booked }) => sum(rows.map(closingOf)) === booked),
  }
}

const closingOf = ({ opening, billed, recognised, other }: PositionMovement): Minor =>
  opening + billed - recognised + other

function figuresOf(rows: readonly PositionMovement[], currency: string): Figures {
  const total = (of: (row: PositionMovement) => Minor) => formatMoney(sum(rows.map(of)), currency)
  return {
    opening: total((row) => row.opening),
    billed: total((row) => row.billed),
    recognised: total((row) => row.recognised),
    other: total((row) => row.other),
    closing: total(closingOf),
    contract_liability: total((row) => row.liability),
    unbilled: total((row) => row.unbilled),
  }
}
