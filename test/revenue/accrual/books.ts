import type { PriceModel } from '../../../src/catalog/price.ts'
import type { RecognitionMethod } from '../../../src/catalog/product.ts'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import { cyclePeriod } from '../../../src/contracts/periods/schedule.ts'
import { netByMonth } from '../../../src/invoicing/assembly/net-by-month.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledOf } from '../../../src/invoicing/cycle/unbilled.ts'
import type { Invoice } from '../../../src/invoicing/invoice.ts'
import { addMonths, firstOfMonth, monthOf } from '../../../src/kernel/calendar.ts'
import { closedPeriodsOf, inOpenPeriod, lastDayOf } from '../../../src/ledger/accounting-period.ts'
import type { UnmetDays } from '../../../src/revenue/accounting/criteria.ts'
import {
  type Accrual,
  accrue,
  billedBy,
  type KnownAccrual,
  takenBack,
} from '../../../src/revenue/accrual/accrual.ts'
import { accruedFor } from '../../../src/revenue/accrual/earned.ts'
import { planSchedules } from '../../../src/revenue/line-schedule.ts'
import {
  recognitionEntry,
  type ScheduleEntry,
  type UnscheduledLine,
} from '../../../src/revenue/recognition.ts'
import { closing, sealed, usage } from '../../invoicing/closing.ts'

const METHODS: Record<string, RecognitionMethod> = {
  calls: 'usage',
  storage: 'usage',
  setup: 'point_in_time',
}
const methodOf = (ref: string): RecognitionMethod => METHODS[ref] ?? 'daily'

/** 100 units at 1.00 each or all at 0.50. */
export const VOLUME: PriceModel = {
  type: 'volume',
  tiers: [
    { up_to: '100', unit_amount: '1.00', flat_amount: '0' },
    { up_to: null, unit_amount: '0.50', flat_amount: '0' },
  ],
}

type Posted = { on: string; of: string; product: string; amount: bigint }
type Used = Record<string, Record<string, number>>
type Options = { planned?: string[]; methods?: Record<string, RecognitionMethod>; unmet?: UnmetDays }

const planned = (lines: readonly UnscheduledLine[]) =>
  planSchedules(lines, { now: 0, entriesMax: Number.POSITIVE_INFINITY })

/** The revenue of one cycle of a contract in books that are kept in memory, by the functions of the program. */
export class Books {
  readonly posted: Posted[] = []
  readonly #terms: ContractTerms
  #boundary: number
  #options: Options
  readonly #locked: string[] = []
  #known: KnownAccrual[] = []

  constructor(terms: ContractTerms, boundary = 1, options: Options = {}) {
    this.#terms = terms
    this.#boundary = boundary
    this.#options = options
  }

  judge(unmet: UnmetDays): void {
    this.#options = { ...this.#options, unmet }
  }

  lock(month: string): void {
    this.#locked.push(month)
  }

  /** What a run would write for the usage of products by month, of which only months that are over count. */
  plan(month: string, used: Used = {}): ReturnType<typeof accrue> {
    const input = this.#closed(used, month)
    return accrue(
      {
        contract: input.contract,
        ...unbilledOf(input),
        recognitionOf: new Map(this.#terms.products.map(({ product_ref: ref }) => [ref, this.#method(ref)])),
        planned: this.#options.planned ?? [],
        unmet: this.#options.unmet,
        lastDay: lastDayOf(month),
        timezone: 'UTC',
      },
      this.#known,
      0,
    )
  }

  /** Accrues up to the end of a month, and answers what that posted. */
  accrue(month: string, used: Used = {}): Posted[] {
    const { accruals, entries } = this.plan(month, used)
    const before = this.posted.length
    for (const one of accruals) if (!this.#find(one.lineId)) this.#known.push(asKnown(one))
    for (const entry of entries) {
      const { productRef } = this.#find(entry.lineId)!
      this.#known = this.#known.map((one) =>
        one.lineId === entry.lineId ? { ...one, portions: [...one.portions, entry] } : one,
      )
      this.#post(productRef, entry)
    }
    return this.posted.slice(before)
  }

  /** Closes the cycle: its lines become revenue, and what was accrued for them is taken back. */
  invoice(used: Used = {}): Invoice[] {
    const input = this.#closed(used, '9999-12')
    const { contract } = input
    const { invoices } = planCycleClose(input)
    const lines = invoices.flatMap((invoice) => invoice.lines.map((line) => ({ ...line, invoice })))
    const billed = lines.map(({ productRef, kind }) => ({
      contractRef: contract.ref,
      productRef,
      accruedFor: accruedFor({ kind }),
      cycleNo: this.#boundary,
    }))
    const settled = billedBy(billed, this.#known)
    for (const entry of takenBack(settled)) this.#post(this.#find(entry.lineId)!.productRef, entry)
    this.#known = this.#known.filter((one) => !settled.includes(one))
    for (const { invoice, ...line } of lines) {
      const plans = planned([
        {
          lineId: line.id,
          invoiceId: invoice.id,
          entityRef: contract.entityRef,
          customerRef: contract.customerRef,
          contractRef: contract.ref,
          productRef: line.productRef,
          currency: this.#terms.currency,
          amount: line.netAmount,
          serviceStart: line.serviceStart,
          serviceEnd: line.serviceEnd,
          usageByMonth: netByMonth(line),
          method: line.kind === 'true_up' ? 'usage' : this.#method(line.productRef),
          timezone: 'UTC',
          unmet: this.#options.unmet,
        },
      ])
      for (const { entries } of plans) for (const entry of entries) this.#post(line.productRef, entry)
    }
    this.#boundary += 1
    return invoices
  }

  /** Revenue by the month that it belongs to, or by the month that it stands in; months of nothing are left out. */
  months(by: 'of' | 'on' = 'of'): Record<string, bigint> {
    const sums: Record<string, bigint> = {}
    for (const one of this.posted) sums[monthOf(one[by])] = (sums[monthOf(one[by])] ?? 0n) + one.amount
    return Object.fromEntries(
      Object.entries(sums)
        .filter(([, amount]) => amount !== 0n)
        .sort(),
    )
  }

  #method(ref: string): RecognitionMethod {
    return this.#options.methods?.[ref] ?? methodOf(ref)
  }

  #closed(used: Used, until: string) {
    const cycle = cyclePeriod(this.#terms, this.#boundary)
    const months: string[] = []
    for (let day = cycle.start; day < cycle.end; day = addMonths(firstOfMonth(day), 1))
      months.push(monthOf(day))
    const products = Object.entries(used).map(([ref, byMonth]) =>
      usage(
        ref,
        Object.fromEntries(
          months.map((month) => [month, String(month <= until ? (byMonth[month] ?? 0) : 0)]),
        ),
      ),
    )
    return closing(this.#terms, this.#boundary, { sealed: sealed(this.#boundary, products) })
  }

  #find(lineId: string): KnownAccrual | undefined {
    return this.#known.find((one) => one.lineId === lineId)
  }

  #post(productRef: string, entry: ScheduleEntry): void {
    const source = { invoiceId: null, entityRef: 'seller', customerRef: 'acme', contractRef: 'acme-2026' }
    const due = {
      ...entry,
      ...source,
      productRef,
      currency: 'USD',
      method: 'usage' as const,
      book: 'primary' as const,
    }
    const closed = closedPeriodsOf(
      this.#locked.map((month) => ({ entityRef: 'seller', month, status: 'locked' })),
    )
    const { postingDate, belongsTo, postings } = inOpenPeriod(recognitionEntry(due, 0), closed)
    const amount = -postings.find(({ account }) => account === 'revenue')!.amount
    this.posted.push({ on: postingDate, of: belongsTo ?? postingDate, product: productRef, amount })
  }
}

const asKnown = (accrual: Accrual): KnownAccrual => ({
  ...accrual,
  portions: [],
  timezone: 'UTC',
})
