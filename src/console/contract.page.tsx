import type { FC } from 'hono/jsx'
import type { Product } from '../catalog/catalog.store.ts'
import type { Contract, ContractProduct } from '../contracts/contract.ts'
import { contractState } from '../contracts/contract-state.ts'
import type { ContractVersion } from '../contracts/contracts.store.ts'
import { cyclePeriod, type DatePeriod, lastBoundary } from '../contracts/periods/schedule.ts'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import type { Paged } from '../kernel/page.ts'
import type { ProductUsage } from '../usage/usage-summary.ts'
import { Facts } from '../web/facts.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { DateText, InstantText, PeriodText } from '../web/time.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { CONTRACT_LOOKS, contractPath } from './contracts.page.tsx'
import { discountsInWords, taxesInWords } from './invoice-terms-words.ts'
import { invoiceColumns } from './invoices.page.tsx'
import type { TodayOf } from './lookups.store.ts'
import { type ChangeWords, type PlannedChange, plannedChanges } from './planned-changes.ts'
import { priceInWords } from './price-words.ts'
import { commitmentInWords, renewalInWords, scheduleInWords } from './schedule-words.ts'
import { cycleInWords, inWords } from './words.ts'

type ContractProps = {
  operator: string
  contract: Contract
  customerName: string
  products: Map<string, Product>
  versions: ContractVersion[]
  invoices: Paged<InvoiceSummary>
  /** The cycle that is running, and what its meter shows now. */
  cycle: DatePeriod
  /** In the contract's zone. */
  today: LocalDate
  usage: ProductUsage[]
  todayOf: TodayOf
}

export const ContractPage: FC<ContractProps> = (props) => {
  const { contract, operator, customerName } = props
  return (
    <ConsolePage
      room="Contracts"
      up
      title={contract.number}
      operator={operator}
      beside={<Status {...CONTRACT_LOOKS[contractState(contract)]} />}
    >
      <Panel id="terms" title="Terms">
        <TermFacts contract={contract} customerName={customerName} />
      </Panel>
      <ContractPrices {...props} />
      <RunningUsage {...props} />
      <ContractInvoices {...props} />
      <Panel id="versions" title="Versions">
        <Table
          caption="Versions, the newest first"
          hideCaption
          columns={VERSION_COLUMNS}
          rows={props.versions}
          empty=""
        />
      </Panel>
    </ConsolePage>
  )
}

const ContractPrices: FC<ContractProps> = ({ contract, products, today }) => (
  <>
    <Panel id="products" title="Products and prices">
      <Table
        caption="Products and prices"
        hideCaption
        columns={priceColumns(contract, products)}
        rows={contract.terms.products}
        empty="No products."
      />
    </Panel>
    <Panel id="changes" title="Planned changes">
      <Table
        caption="Planned changes"
        hideCaption
        columns={CHANGE_COLUMNS}
        rows={plannedChanges(contract.terms, today, changeWords(contract, products))}
        empty="Nothing changes from today on."
      />
    </Panel>
  </>
)

const RunningUsage: FC<ContractProps> = ({ contract, cycle, products, usage }) => (
  <Panel id="usage" title="Usage of the running cycle">
    <p class="hint">
      <PeriodText {...cycle} /> in {contract.terms.timezone}
    </p>
    <Table
      caption="Live totals"
      hideCaption
      columns={usageColumns(products)}
      rows={usage}
      empty="No usage has been sent for this cycle yet."
    />
  </Panel>
)

const ContractInvoices: FC<ContractProps> = ({ contract, invoices, todayOf }) => (
  <Panel id="invoices" title="Invoices">
    <Table
      caption="Invoices of this contract"
      hideCaption
      columns={invoiceColumns({ todayOf })}
      rows={invoices.rows}
      empty="No invoice yet."
    />
    <Pagination path={contractPath(contract.ref)} nextCursor={invoices.nextCursor} />
  </Panel>
)

const TermFacts: FC<{ contract: Contract; customerName: string }> = ({ contract, customerName }) => {
  const { terms, nextCloseAt } = contract
  return (
    <Facts
      items={[
        [
          'Customer',
          <a href={`/console/customers/${encodeURIComponent(contract.customerRef)}`}>{customerName}</a>,
        ],
        ['Reference', <code>{contract.ref}</code>],
        ['Runs', <Runs start={terms.start_date} end={terms.end_date} />],
        [
          'Billed',
          `${inWords(cycleInWords(terms.billing_cycle))}, ${inWords(terms.invoicing).toLowerCase()} invoices`,
        ],
        ['Next invoice', nextCloseAt === null ? 'None' : <InstantText at={nextCloseAt} />],
        ['Currency', terms.currency],
        ['Time zone', terms.timezone],
        ['Payment terms', `${terms.net_terms} days`],
        ['Payment methods', terms.payment_methods.map(inWords).join(', ')],
        ['Automatic charge', terms.auto_charge ? 'Yes, by the saved card' : 'No'],
        ['Tax', taxesInWords(terms)],
        ...discountsInWords(terms).map((words): [string, string] => ['Discount', words]),
        ['PO number', terms.po_number],
        ['Commitment', commitmentInWords(terms)],
        ['Renewal', renewalInWords(terms.renewal, terms.end_date)],
        ...Object.entries(terms.custom_fields ?? {}),
      ]}
    />
  )
}

const Runs: FC<{ start: LocalDate; end: LocalDate | null }> = ({ start, end }) => (
  <>
    from <DateText date={start} />
    {end === null ? ', without end' : <> to {<DateText date={addDays(end, -1)} />}</>}
  </>
)

const priceColumns = ({ terms }: Contract, products: Map<string, Product>): Column<ContractProduct>[] => [
  {
    head: 'Product',
    kind: 'name',
    cell: ({ product_ref }) => products.get(product_ref)?.name ?? product_ref,
  },
  {
    head: 'Price',
    cell: (agreed) => (
      <ul class="plain">
        {pricesInWords(agreed, terms.currency, unitOf(products, agreed)).map((step) => (
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

const pricesInWords = (agreed: ContractProduct, currency: string, unitName: string): string[] => [
  ...priceInWords(agreed, currency, unitName),
  ...scheduleInWords(agreed, { currency, unitName }),
]

const unitOf = (products: Map<string, Product>, { product_ref }: ContractProduct): string =>
  products.get(product_ref)?.unitName ?? 'unit'

const usageColumns = (products: Map<string, Product>): Column<ProductUsage>[] => [
  { head: 'Product', kind: 'name', cell: ({ productRef }) => products.get(productRef)?.name ?? productRef },
  { head: 'Events', kind: 'figure', cell: ({ events }) => events.toLocaleString('en') },
  { head: 'Quantity', kind: 'figure', cell: ({ quantity }) => quantity },
]

const changeWords = ({ terms }: Contract, products: Map<string, Product>): ChangeWords => ({
  nameOf: (ref) => products.get(ref)?.name ?? ref,
  priceOf: (agreed) => priceInWords(agreed, terms.currency, unitOf(products, agreed)).join('; '),
})

const CHANGE_COLUMNS: Column<PlannedChange>[] = [
  { head: 'From', cell: ({ day }) => <DateText date={day} /> },
  { head: 'Change', kind: 'name', cell: ({ words }) => words },
]

const VERSION_COLUMNS: Column<ContractVersion>[] = [
  { head: 'Version', kind: 'name', cell: ({ version }) => `Version ${version}` },
  { head: 'Effective', cell: ({ effectiveDate }) => <DateText date={effectiveDate} /> },
  { head: 'Reason', cell: ({ reason }) => reason },
  { head: 'By', cell: ({ actor }) => actor },
  { head: 'Written', cell: ({ createdAt }) => <InstantText at={createdAt} /> },
]

/** The cycle that is running: the one whose end is the next boundary to be billed; of an ended contract the last one. */
export const runningCycle = ({ terms, nextCycle }: Contract): DatePeriod =>
  cyclePeriod(terms, Math.max(Math.min(nextCycle, lastBoundary(terms) ?? nextCycle), 1))
