import type { PriceModel, PriceModifiers } from '../catalog/price.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import type { ContractTax, TaxRounding } from './terms/tax-terms.ts'

export const CYCLE_UNITS = ['DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'HALF_YEARLY', 'YEARLY'] as const
export type CycleUnit = (typeof CYCLE_UNITS)[number]
export type BillingCycle = { unit: CycleUnit; cycle: number }
/** Where cycles begin: on the days of the contract's own anchor, or on those of the calendar. */
export const ALIGNMENTS = ['anniversary', 'calendar'] as const
export type Alignment = (typeof ALIGNMENTS)[number]
/** What the part of a cycle is measured in. */
export const PRORATIONS = ['day', 'second'] as const
export type Proration = (typeof PRORATIONS)[number]
export type Invoicing = 'collective' | 'per_product'
export const PAYMENT_METHODS = ['card', 'wire', 'crypto'] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

/**
 * One product of a contract with the price agreed for it. A change of price ends one of these and begins another, so a
 * product may stand here several times, over times that do not overlap: the terms tell the whole past.
 */
export type ContractProduct = {
  product_ref: string
  model: PriceModel
  modifiers?: PriceModifiers | undefined
  /** Seats or pieces of a recurring or one-time product; a decimal string. */
  quantity: string
  /** Null: from the contract's start. */
  billing_start_date: LocalDate | null
  /** Last day + 1 (half-open); null: until the contract's end. */
  billing_end_date: LocalDate | null
  /** Of a recurring fee: in place of the contract's, and never shorter than it. */
  billing_cycle?: BillingCycle | undefined
  /** What cycles of its own are counted from; by default the contract's anchor. */
  anchor_date?: LocalDate | undefined
  /** The first day that is paid for; the days before it are free, and belong to their cycles all the same. */
  trial_end_date?: LocalDate | undefined
  /** Seats that are taken away inside a cycle that is paid for are given back. */
  credit_removals?: true | undefined
  /** Prices that follow, in the order of their days. */
  ramp?: RampStep[] | undefined
  escalator?: Escalator | undefined
  /** Tiers go on through all cycles of the contract, and do not start again with each. */
  accumulate?: 'contract' | undefined
  /** Each hour's or day's usage is priced alone, in the contract's zone. */
  bucket?: (typeof BUCKETS)[number] | undefined
  /** Of usage: charged as it happens, gathered by the day, and not after the cycle. */
  bill?: 'advance' | undefined
  /** In place of the contract's taxes; none of them: it is not taxed. */
  taxes?: ContractTax[] | undefined
  /** Where the price was taken from. */
  price_book?: { ref: string; version: number } | undefined
}

/** A price that begins on a later day, or with the cycle of that number; what it leaves out stays as it was. */
export type RampStep = {
  from: LocalDate | number
  model?: PriceModel | undefined
  modifiers?: PriceModifiers | undefined
  quantity?: string | undefined
}

export const BUCKETS = ['hour', 'day'] as const

export const ESCALATION_UNITS = ['cycles', 'months'] as const

/** Raises a price again and again, by one of `percent` (compounding), `amount`, or the percentages of an index. */
export type Escalator = {
  every: number
  unit: (typeof ESCALATION_UNITS)[number]
  percent?: string | undefined
  amount?: string | undefined
  index?: string[] | undefined
}

export const COMMITMENT_PERIODS = ['cycle', 'year', 'contract'] as const

/** What a customer commits to spend in each period, whatever is used. Decimal strings, the amount in major units. */
export type Commitment = {
  /** Zero where a quantity is committed. */
  amount: string
  /** Units of `product_ref`, which count at their price; only its own usage counts towards them. */
  quantity?: string | undefined
  period: (typeof COMMITMENT_PERIODS)[number]
  /** Bills what fees leave of the amount. */
  true_up: boolean
  /** What each unit of money above the amount is multiplied by. */
  overage_factor: string
  /** The product that the line is billed as; null: the first one. */
  product_ref: string | null
  start_date: LocalDate
  /** The end of the term that it was agreed for. */
  end_date: LocalDate | null
}

/** A zone that held up to a boundary, which lies at midnight in it; all later boundaries lie in the next zone. */
type EarlierZone = { timezone: string; until: LocalDate }

export type Renewal = {
  auto: boolean
  term_months: number
  /** Days before the end up to which notice can be given. */
  notice_days: number
  price_uplift_percent: string | null
  /** The day on which notice was given, or null. */
  notice_date: LocalDate | null
}

/**
 * Something off the price. A percent is off each line whose service begins while it holds, and so late usage of a cycle
 * gets the discount of that cycle; a fixed amount is off each invoice, once.
 */
export type AgreedDiscount = {
  /** As printed. */
  name: string
  type: 'percent' | 'fixed'
  /** A decimal string: percent, or major units. */
  value: string
  /** Off the lines of these products; null: off the whole invoice, after those of products. */
  products: string[] | null
  /** Null: from the contract's start. */
  from: LocalDate | null
  /** The first day without it; null: as long as the contract. */
  until: LocalDate | null
  /** In so many cycles, the one that it begins in included; null: in all. */
  cycles: number | null
}

/** What was agreed; a new version of it is written for each amendment and none is ever changed. */
export type ContractTerms = {
  currency: string
  timezone: string
  /** The zones before, in the order of their days. */
  earlier_zones?: EarlierZone[] | undefined
  start_date: LocalDate
  /** Last day + 1 (half-open), or null for a contract without end. */
  end_date: LocalDate | null
  /** Fees in advance for days after the end are given back. */
  credits_unused?: true | undefined
  anchor_date: LocalDate
  billing_cycle: BillingCycle
  proration: Proration
  issue_offset_days: number
  grace_hours: number
  net_terms: number
  /** Usage events that are older when they come are refused; without it an event of any age is taken. */
  max_lateness_days?: number | null | undefined
  /** Days of notice with which it may be ended at any time without penalty; without it both are bound to the end. */
  termination_notice_days?: number | null | undefined
  invoicing: Invoicing
  auto_charge: boolean
  payment_methods: PaymentMethod[]
  /** The short form of one tax on top. Percent, a decimal string. */
  tax_percent: string
  /** In place of `tax_percent`. */
  taxes?: ContractTax[] | undefined
  /** By default per rate. */
  tax_rounding?: TaxRounding | undefined
  /** Past and present ones; which of them hold for a line, its service says. */
  discounts?: AgreedDiscount[] | undefined
  /** What an invoice paid early may be short by; null takes it away again. */
  early_payment_discount?: EarlyPaymentDiscount | null | undefined
  po_number: string | null
  /** In the order of their days; each holds until the next one begins. */
  commitments?: Commitment[] | undefined
  /** What happens on the end date; null: the contract ends. */
  renewal?: Renewal | null | undefined
  /** How often it was renewed. */
  renewals?: number | undefined
  custom_fields?: Record<string, string> | undefined
  products: ContractProduct[]
}

/** Percent of the whole invoice, a decimal string, for money that comes in within these days of its date. */
export type EarlyPaymentDiscount = { percent: string; within_days: number }

export const CONTRACT_STATUSES = ['draft', 'active', 'cancelled', 'ended'] as const
/** A draft bills nothing. */
type ContractStatus = (typeof CONTRACT_STATUSES)[number]

export type Contract = {
  ref: string
  number: string
  customerRef: string
  entityRef: string
  status: ContractStatus
  version: number
  /** The version that came into force first; later ones are amendments. Null: the first. */
  signedVersion?: number | null | undefined
  terms: ContractTerms
  /** The boundary whose invoice comes next: 0 is the contract's start, n the end of the nth cycle. */
  nextCycle: number
  /** When that invoice is due to be made; null when nothing is left to bill. */
  nextCloseAt: Instant | null
  /** When it renews by itself, or null. */
  renewsAt?: Instant | null | undefined
  /** When a change inside the running cycle is billed by an invoice of its own, or null. */
  billsChangeAt?: Instant | null | undefined
  createdAt: Instant
}
