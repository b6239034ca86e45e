import type { AccountRole } from './account.ts'

/** Where the value of a dimension is taken from: what a posting names, or a field of the customer that it names. */
export const DIMENSION_SOURCES = [
  'customer_ref',
  'contract_ref',
  'product_ref',
  'invoice_ref',
  'customer_field',
] as const

export type DimensionSource = (typeof DIMENSION_SOURCES)[number]

/** How a posting finds its value of a dimension. */
export type DimensionRule = {
  from: DimensionSource
  /** With `customer_field`: the key among the custom fields of the customer. */
  field?: string | undefined
  /** What the accounting system calls the values that are found. */
  values?: Readonly<Record<string, string>> | undefined
  /** The value where nothing is found, and where `values` does not have what is. */
  otherwise?: string | undefined
}

/** The dimensions of an account by their names in the accounting system: one text for all postings, or a rule. */
export type DimensionRules = Readonly<Record<string, string | DimensionRule>>

/** What a posting has to find values in. */
export type DimensionedPosting = {
  account: AccountRole
  customerRef: string | null
  contractRef: string | null
  invoiceId: string | null
  productRef: string | null
}

/** The values of a posting, by the name of the dimension. */
export type DimensionValues = ReadonlyMap<string, string>

/** The custom fields of customers, by ref. */
export type CustomerFields = ReadonlyMap<string, Readonly<Record<string, string>>>

/**
 * The values of a posting by the name of the dimension; a dimension without a value is left out. Values follow the rules
 * and custom fields of today, as the names of accounts do.
 *
 * @example { Class: 'Services', Region: { from: 'customer_field', field: 'region', otherwise: 'Other' } } with a customer
 * whose field `region` is "EMEA": Class "Services", Region "EMEA"
 */
export function dimensionsOf(
  rules: DimensionRules,
  posting: DimensionedPosting,
  fields: CustomerFields,
): DimensionValues {
  return new Map(
    Object.entries(rules).flatMap(([name, rule]) => {
      const value = valueBy(rule, posting, fields)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function valueBy(
  rule: string | DimensionRule,
  posting: DimensionedPosting,
  fields: CustomerFields,
): string | undefined {
  if (typeof rule === 'string') return rule
  const { values, otherwise } = rule
  const raw = rawValue(rule, posting, fields)
  const known = values ? own(values, raw) : raw
  return known ?? otherwise ?? raw
}

function rawValue(
  { from, field }: DimensionRule,
  posting: DimensionedPosting,
  fields: CustomerFields,
): string | undefined {
  const raw = {
    customer_ref: posting.customerRef,
    contract_ref: posting.contractRef,
    product_ref: posting.productRef,
    invoice_ref: posting.invoiceId,
    customer_field: own(fields.get(posting.customerRef ?? '') ?? {}, field),
  }[from]
  return raw || undefined
}

/** What stands under a key that the caller chose; never what every object has, such as `constructor`. */
const own = (of: Readonly<Record<string, string>>, key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(of, key) ? of[key] : undefined

/** Names in the alphabet's order, each once: the order of the columns of a file. */
export const dimensionNames = (accounts: readonly { dimensions: DimensionRules }[]): string[] =>
  [...new Set(accounts.flatMap(({ dimensions }) => Object.keys(dimensions)))].sort()

/** True where a rule reads custom fields of customers, so that they have to be there. */
export const readsCustomerFields = (accounts: readonly { dimensions: DimensionRules }[]): boolean =>
  accounts
    .flatMap(({ dimensions }) => Object.values(dimensions))
    .some((rule) => typeof rule !== 'string' && rule.from === 'customer_field')
