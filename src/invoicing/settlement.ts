import type { AgreedTax } from '../contracts/terms/tax-terms.ts'
import { type Minor, sum } from '../kernel/money.ts'

/** What an invoice is settled with. */
export const SETTLEMENT_KINDS = [
  'payment',
  'credit',
  'credit_note',
  'write_off',
  'void',
  'bank_fee',
  'discount',
] as const
export type SettlementKind = (typeof SETTLEMENT_KINDS)[number]

/** How far an invoice is settled, minor units. */
export type Settlement = {
  /** Payments and credit, with what a bank kept of them or a discount gave. */
  paid: Minor
  credited: Minor
  writtenOff: Minor
  voided: Minor
}

export const NOTHING_SETTLED: Settlement = { paid: 0n, credited: 0n, writtenOff: 0n, voided: 0n }

const PART: Record<SettlementKind, keyof Settlement> = {
  payment: 'paid',
  credit: 'paid',
  bank_fee: 'paid',
  discount: 'paid',
  credit_note: 'credited',
  write_off: 'writtenOff',
  void: 'voided',
}

/** Adds up what settles an invoice; rows that take something back are negative. */
export function settlementOf(rows: readonly { kind: SettlementKind; amount: Minor }[]): Settlement {
  const settlement = { ...NOTHING_SETTLED }
  for (const { kind, amount } of rows) settlement[PART[kind]] += amount
  return settlement
}

/** All that settles an invoice: its total less this is open. */
export const settledAmount = (settlement: Settlement): Minor => sum(Object.values(settlement))

/** A part of an invoice's settlement as it stands: the amount less what was taken back of it. */
export type Standing<Row> = Row & { left: Minor }

/** A row of what settles an invoice; one that takes another back is negative and names it. */
export type Allocation = {
  id: string
  kind: SettlementKind
  paymentId: string | null
  grantId: string | null
  creditNoteId: string | null
  invoiceId: string
  amount: Minor
  reverses: string | null
  rule: string
  explanation: string
  actor: string
  createdAt: number
  /** The taxes that a write-off gets back; amounts in major units. */
  taxes?: (AgreedTax & { taxable: string; tax: string })[] | null | undefined
}

/** The allocations that still settle something, in their order. */
export function standingAllocations<Row extends Pick<Allocation, 'id' | 'amount' | 'reverses'>>(
  rows: readonly Row[],
): Standing<Row>[] {
  const takenBack = new Map<string, Minor>()
  for (const { reverses, amount } of rows) {
    if (reverses !== null) takenBack.set(reverses, (takenBack.get(reverses) ?? 0n) + amount)
  }
  return rows
    .filter(({ reverses }) => reverses === null)
    .map((row) => ({ ...row, left: row.amount + (takenBack.get(row.id) ?? 0n) }))
    .filter(({ left }) => left !== 0n)
}
