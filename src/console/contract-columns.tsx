import type { Product } from '../catalog/catalog.store.ts'
import type { Contract, ContractProduct } from '../contracts/contract.ts'
import type { ContractVersion } from '../contracts/contracts.store.ts'
import { groupDigits } from '../kernel/digits.ts'
import type { ProductUsage } from '../usage/usage-summary.ts'
import type { Column } from '../web/table.tsx'
import { DateText, InstantText } from '../web/time.tsx'
import { Runs } from './contract-terms.tsx'
import { creditInWords } from './credit-words.ts'
import type { ChangeWords, PlannedChange } from './planned-changes.ts'
import { priceInWords } from './price-words.ts'
import { scheduleInWords } from './schedule-words.ts'

export const priceColumns = (
  { terms }: Contract,
  products: Map<string, Product>,
): Column<ContractProduct>[] => [
  {
    head: 'Product',
    kind: 'name',
    cell: ({ product_ref }) => products.get(product_ref)?.name ?? product_ref,
  },
  {
    head: 'Price',
    cell: (agreed) => (
      <ul class="plain">
        {pricesInWords(agreed, terms.currency, products).map((step) => (
          <li>{step}</li>
        ))}
      </ul>
    ),
  },
  {
    head: 'Quantity',
    kind: 'figure',
    cell: ({ quantity, product_ref }) => (products.get(product_ref)?.kind === 'usage' ? 'As used' : quantity),
  },
  {
    head: 'Billed for',
    cell: ({ billing_start_date, billing_end_date }) =>
      billing_start_date === null && billing_end_date === null ? (
        'The whole contract'
      ) : (
        <Runs start={billing_start_date ?? terms.start_date} end={billing_end_date} />
      ),
  },
]

function pricesInWords(agreed: ContractProduct, currency: string, products: Map<string, Product>): string[] {
  const unitName = unitOf(products, agreed)
  const credit = products.get(agreed.product_ref)?.grantsCredit
  return [
    ...priceInWords(agreed, currency, unitName),
    ...scheduleInWords(agreed, { currency, unitName }),
    ...(credit ? creditInWords(credit, currency) : []),
  ]
}

const unitOf = (products: Map<string, Product>, { product_ref }: ContractProduct): string =>
  products.get(product_ref)?.unitName ?? 'unit'

export const usageColumns = (products: Map<string, Product>): Column<ProductUsage>[] => [
  { head: 'Product', kind: 'name', cell: ({ productRef }) => products.get(productRef)?.name ?? productRef },
  { head: 'Events', kind: 'figure', cell: ({ events }) => events.toLocaleString('en') },
  { head: 'Quantity', kind: 'figure', cell: ({ quantity }) => groupDigits(quantity) },
]

export const changeWords = ({ terms }: Contract, products: Map<string, Product>): ChangeWords => ({
  nameOf: (ref) => products.get(ref)?.name ?? ref,
  priceOf: (agreed) => priceInWords(agreed, terms.currency, unitOf(products, agreed)).join('; '),
})

export const CHANGE_COLUMNS: Column<PlannedChange>[] = [
  { head: 'From', cell: ({ day }) => <DateText date={day} /> },
  { head: 'Change', kind: 'name', cell: ({ words }) => words },
]

export const VERSION_COLUMNS: Column<ContractVersion>[] = [
  { head: 'Version', kind: 'name', cell: ({ version }) => `Version ${version}` },
  { head: 'Effective', cell: ({ effectiveDate }) => <DateText date={effectiveDate} /> },
  { head: 'Reason', cell: ({ reason }) => reason },
  { head: 'By', cell: ({ actor }) => actor },
  { head: 'Written', cell: ({ createdAt }) => <InstantText at={createdAt} /> },
]
