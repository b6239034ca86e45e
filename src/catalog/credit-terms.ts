/** What credit that was sold can be counted in: the units of billing cycles. */
export const CREDIT_UNITS = ['DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'HALF_YEARLY', 'YEARLY'] as const

/** When credit that stands on an invoice can be used: once nothing is open of the invoice, or from its issue on. */
export const AVAILABLE = ['on_payment', 'on_issue'] as const

/**
 * What a product that sells prepaid credit grants for its fee, as it is sent and kept. Of every `paid` of the price,
 * `granted` are credited, in the currency of the invoice: quantity and parts of a period come along, and a discount
 * lowers what the credit cost and not the credit.
 */
export type CreditTerms = {
  paid: string
  granted: string
  available: (typeof AVAILABLE)[number]
  /** By default credit that was taxed when it was sold comes before tax, and any other pays like money. */
  before_tax?: boolean | undefined
  priority: number
  expires_after?: { unit: (typeof CREDIT_UNITS)[number]; cycle: number } | undefined
  billed_within_days: number
  rollover?: { share_percent: string; cap?: string | undefined } | undefined
  product_refs?: string[] | undefined
  overage: 'due' | 'refuse'
  /** How much of it is expected to be used, where breakage is estimated. */
  expected_use_percent?: string | undefined
}

/** The credit that one invoice line sells: its terms on the day of issue, and its amount in minor units as text. */
export type SoldCredit = CreditTerms & { amount: string }
