import type { Metric } from '../catalog/metric.ts'
import type { Contract, ContractTerms } from '../contracts/contract.ts'
import { boundaryFrom, type CloseTerms, closeInstant, cyclePeriod } from '../contracts/periods/schedule.ts'
import { dateAt, instantOf } from '../contracts/periods/zone.ts'
import { addDays, type Instant, type LocalDate } from '../kernel/calendar.ts'
import { bucketOf } from './bucket.ts'
import type { Period } from './period.ts'

/** What a meter knows of its customer's contracts, so that an event needs no look into the database. */
export type MeterCalendar = {
  /** Never falls while contracts are made and amended: tells a late lesson from a new one. */
  revision: number
  contracts: CalendarContract[]
  /** How the products of the contracts are measured. */
  metrics: { productRef: string; metric: Metric }[]
}

export type CalendarContract = {
  contractRef: string
  entityRef: string
  terms: CloseTerms & Pick<ContractTerms, 'currency' | 'max_lateness_days'>
  products: { productRef: string; from: LocalDate | null; until: LocalDate | null }[]
}

/** The contract that bills a product at some time, and the billing cycle of that time. */
export type Billing = {
  contractRef: string
  entityRef: string
  currency: string
  cycle: Period
  /** When the invoice of the cycle is due. */
  closesAt: Instant
  /** Older events are refused; undefined: an event of any age is taken. */
  maxLatenessDays?: number | undefined
}

export type BillingLookup = (productRef: string, at: Instant) => Billing | undefined

const REMEMBERED_MAX = 10_000

export const EMPTY_CALENDAR: MeterCalendar = { revision: 0, contracts: [], metrics: [] }

/** The calendar of a customer, from all of its contracts as they stand, and the products that they sell. */
export const meterCalendar = (
  contracts: readonly Contract[],
  products: ReadonlyMap<string, { metric: Metric | null }>,
): MeterCalendar => ({
  revision: contracts.reduce((total, contract) => total + contract.version, 0),
  contracts: contracts
    .map(({ ref, entityRef, terms }) => ({
      contractRef: ref,
      entityRef,
      terms: {
        currency: terms.currency,
        timezone: terms.timezone,
        ...(terms.earlier_zones && { earlier_zones: terms.earlier_zones }),
        start_date: terms.start_date,
        end_date: terms.end_date,
        anchor_date: terms.anchor_date,
        billing_cycle: terms.billing_cycle,
        issue_offset_days: terms.issue_offset_days,
        grace_hours: terms.grace_hours,
        max_lateness_days: terms.max_lateness_days,
      },
      products: terms.products.map((product) => ({
        productRef: product.product_ref,
        from: product.billing_start_date,
        until: product.billing_end_date,
      })),
    }))
    .sort(byStart),
  metrics: [...products].flatMap(([productRef, { metric }]) => (metric ? [{ productRef, metric }] : [])),
})

/** Finds what bills a product at an instant; of several contracts the one that started first. */
export function billingOf(calendar: MeterCalendar, productRef: string, at: Instant): Billing | undefined {
  for (const contract of calendar.contracts) {
    for (const product of contract.products) {
      if (product.productRef !== productRef) continue
      const billing = billingBy(contract, product, at)
      if (billing) return billing
    }
  }
  return undefined
}

/** `billingOf`, remembering its answers: they are the same all through a bucket. */
export function rememberedBilling(calendar: MeterCalendar): BillingLookup {
  const known = new Map<string, Billing | undefined>()
  return (productRef, at) => {
    const key = `${bucketOf(at)} ${productRef}`
    if (!known.has(key)) {
      if (known.size >= REMEMBERED_MAX) known.clear()
      known.set(key, billingOf(calendar, productRef, at))
    }
    return known.get(key)
  }
}

function billingBy(
  { contractRef, entityRef, terms }: CalendarContract,
  product: CalendarContract['products'][number],
  at: Instant,
): Billing | undefined {
  const date = dateAt(terms, at)
  const from = later(terms.start_date, product.from)
  const until = earlier(terms.end_date, product.until)
  if (date < from || (until !== null && date >= until)) return undefined
  // The cycle that a day belongs to ends at the first boundary after that day.
  const boundary = boundaryFrom(terms, addDays(date, 1))
  const cycle = cyclePeriod(terms, boundary)
  return {
    contractRef,
    entityRef,
    currency: terms.currency,
    maxLatenessDays: terms.max_lateness_days ?? undefined,
    cycle: { start: instantOf(terms, cycle.start), end: instantOf(terms, cycle.end) },
    closesAt: closeInstant(terms, boundary),
  }
}

const later = (a: LocalDate, b: LocalDate | null): LocalDate => (b !== null && b > a ? b : a)

const earlier = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || (b !== null && b < a) ? b : a

const byStart = (a: CalendarContract, b: CalendarContract): number => {
  const [first, second] = [a.terms.start_date + a.contractRef, b.terms.start_date + b.contractRef]
  return first < second ? -1 : first > second ? 1 : 0
}
