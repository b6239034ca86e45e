import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import type {
  AgreedDiscount,
  Alignment,
  BillingCycle,
  ContractProduct,
  ContractTerms,
  EarlyPaymentDiscount,
  Invoicing,
  PaymentMethod,
  Proration,
  Renewal,
} from '../contract.ts'
import { anchorOf } from '../periods/alignment.ts'
import { boundaryDate, type CycleTerms } from '../periods/schedule.ts'
import { type AskedTrial, withTrialEnd } from '../periods/trial.ts'
import { type AskedCommitment, withCommitment } from './commitment.ts'
import { type ContractTax, readTax, type TaxRounding } from './tax-terms.ts'

/** Terms as someone asks for them, with what may be left out. */
export type ContractDraft = {
  currency?: string | undefined
  timezone?: string | undefined
  start_date: LocalDate
  end_date?: LocalDate | null | undefined
  anchor_date?: LocalDate | undefined
  alignment?: Alignment | undefined
  billing_cycle: BillingCycle
  proration?: Proration | undefined
  issue_day?: LocalDate | undefined
  issue_offset_days?: number | undefined
  grace_hours: number
  net_terms?: number | undefined
  max_lateness_days?: number | null | undefined
  termination_notice_days?: number | null | undefined
  invoicing: Invoicing
  auto_charge?: boolean | undefined
  payment_methods: PaymentMethod[]
  /** The short form, or taxes one by one. */
  tax?: string | ContractTax[] | undefined
  tax_rounding?: TaxRounding | undefined
  discounts?: AgreedDiscount[] | undefined
  early_payment_discount?: EarlyPaymentDiscount | null | undefined
  po_number?: string | null | undefined
  commitment?: AskedCommitment | null | undefined
  renewal?: Renewal | null | undefined
  custom_fields?: Record<string, string> | undefined
  products: (ContractProduct & AskedTrial)[]
}

/** What the two parties bring where the draft says nothing. */
export type DraftParties = {
  entity: { currency: string; timezone: string }
  customer: {
    currency: string | null
    netTerms: number | null
    autoCharge: boolean
    taxPercent: string | null
  }
}

const NET_TERMS_DEFAULT = 30

/** The full terms: the draft, then the customer's settings, then the entity's. */
export const termsOf = (draft: ContractDraft, { entity, customer }: DraftParties): ContractTerms => {
  const cycle: CycleTerms = {
    start_date: draft.start_date,
    end_date: draft.end_date ?? null,
    anchor_date:
      draft.anchor_date ??
      anchorOf(draft.start_date, draft.billing_cycle.unit, draft.alignment ?? 'anniversary'),
    billing_cycle: draft.billing_cycle,
  }
  return {
    ...cycle,
    currency: draft.currency ?? customer.currency ?? entity.currency,
    timezone: draft.timezone ?? entity.timezone,
    proration: draft.proration ?? 'day',
    issue_offset_days: issueOffset(draft, cycle),
    grace_hours: draft.grace_hours,
    net_terms: draft.net_terms ?? customer.netTerms ?? NET_TERMS_DEFAULT,
    ...(draft.max_lateness_days && { max_lateness_days: draft.max_lateness_days }),
    ...(typeof draft.termination_notice_days === 'number' && {
      termination_notice_days: draft.termination_notice_days,
    }),
    invoicing: draft.invoicing,
    auto_charge: draft.auto_charge ?? customer.autoCharge,
    payment_methods: draft.payment_methods,
    ...readTax(draft.tax, customer.taxPercent ?? '0'),
    ...(draft.tax_rounding && { tax_rounding: draft.tax_rounding }),
    ...(draft.discounts?.length && { discounts: draft.discounts }),
    ...(draft.early_payment_discount && { early_payment_discount: draft.early_payment_discount }),
    po_number: draft.po_number ?? null,
    ...(draft.commitment && {
      commitments: withCommitment({ end_date: cycle.end_date }, draft.commitment, draft.start_date),
    }),
    ...(draft.renewal && { renewal: draft.renewal }),
    ...(draft.custom_fields && { custom_fields: draft.custom_fields }),
    products: draft.products.map((product) =>
      withTrialEnd(product, product.billing_start_date ?? draft.start_date),
    ),
  }
}

/**
 * The boundary of the first invoice: the contract's start where a fee in advance is due on it, else the end of the first
 * cycle.
 */
export const firstInvoiceBoundary = (terms: Pick<ContractTerms, 'start_date' | 'products'>): 0 | 1 =>
  terms.products.some(
    (product) =>
      product.model.type === 'flat' &&
      product.model.term === 'in_advance' &&
      (product.trial_end_date ?? product.billing_start_date ?? terms.start_date) <= terms.start_date,
  )
    ? 0
    : 1

/** Days from a boundary to its invoice; `issue_day` says it by the date of the first one. */
function issueOffset(draft: ContractDraft, cycle: CycleTerms): number {
  if (draft.issue_day === undefined) return draft.issue_offset_days ?? 0
  return daysBetween(boundaryDate(cycle, firstInvoiceBoundary(draft)), draft.issue_day)
}
