import type { FC } from 'hono/jsx'
import type { Contract } from '../contracts/contract.ts'
import type { GrantState } from '../credits/movement.ts'
import type { WalletBalance } from '../credits/wallet.ts'
import type { Customer } from '../customers/customers.store.ts'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import type { Instant } from '../kernel/calendar.ts'
import type { Paged } from '../kernel/page.ts'
import type { PaymentSummary } from '../payments/payments.store.ts'
import { Facts } from '../web/facts.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table, withQuery } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { contractColumns } from './contracts.page.tsx'
import { CreditTable } from './credit-table.tsx'
import { GrantsTable } from './grants-table.tsx'
import { invoiceColumns } from './invoices.page.tsx'
import type { TodayOf } from './lookups.store.ts'
import { longText, paymentColumns } from './payments.page.tsx'

const Origin: FC<{ origin: Customer['origin'] }> = ({ origin }) =>
  origin === 'usage' ? (
    <Status word="Only heard of in usage" shape="triangle" tone="warn" />
  ) : (
    <Status word="Set up" shape="check" tone="good" />
  )

const COLUMNS: Column<Customer>[] = [
  {
    head: 'Name',
    kind: 'name',
    cell: ({ ref, name }) => <a href={`/console/customers/${encodeURIComponent(ref)}`}>{name}</a>,
  },
  { head: 'Legal name', cell: ({ legalName }) => longText(legalName) },
  { head: 'Country', cell: ({ country }) => country },
  { head: 'E-mail', cell: ({ email }) => longText(email) },
  { head: 'State', cell: ({ origin }) => <Origin origin={origin} /> },
]

export const CustomersPage: FC<{ operator: string; page: Paged<Customer> }> = ({ operator, page }) => (
  <ConsolePage room="Customers" title="Customers" operator={operator}>
    <section class="panel">
      <Table
        caption="Customers, the newest first"
        hideCaption
        columns={COLUMNS}
        rows={page.rows}
        empty="There is no customer yet."
      />
      <Pagination path="/console/customers" nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)

type CustomerProps = {
  operator: string
  customer: Customer
  contracts: Contract[]
  invoices: Paged<InvoiceSummary>
  payments: Paged<PaymentSummary>
  balances: WalletBalance[]
  wallet: GrantState[]
  now: Instant
  todayOf: TodayOf
}

export const CustomerPage: FC<CustomerProps> = ({
  operator,
  customer,
  contracts,
  invoices,
  payments,
  balances,
  wallet,
  now,
  todayOf,
}) => (
  <ConsolePage
    room="Customers"
    up
    title={customer.name}
    operator={operator}
    beside={<Origin origin={customer.origin} />}
  >
    <Panel id="facts" title="Customer">
      <CustomerFacts customer={customer} />
    </Panel>
    <Panel id="contracts" title="Contracts">
      <Table
        caption="Contracts"
        hideCaption
        columns={contractColumns({})}
        rows={contracts}
        empty="No contract bills this customer: its usage is counted, but not invoiced."
      />
    </Panel>
    <Panel id="invoices" title="Invoices">
      <Table
        caption="Invoices"
        hideCaption
        columns={invoiceColumns({ todayOf })}
        rows={invoices.rows}
        empty="No invoice yet."
      />
      <Pagination path={customerPath(customer)} nextCursor={invoices.nextCursor} />
    </Panel>
    <Panel id="credit" title="Credit">
      <CreditTable balances={balances} />
      {balances.length > 0 && <GrantsTable wallet={wallet} now={now} />}
    </Panel>
    <Panel id="payments" title="Payments">
      <Table
        caption="Payments"
        hideCaption
        columns={paymentColumns({})}
        rows={payments.rows}
        empty="No payment yet."
      />
    </Panel>
  </ConsolePage>
)

const customerPath = ({ ref }: Customer): string =>
  withQuery(`/console/customers/${encodeURIComponent(ref)}`, {})

const CustomerFacts: FC<{ customer: Customer }> = ({ customer }) => {
  const { line1, line2, city, state, zip_code, country } = customer.address
  return (
    <Facts
      items={[
        ['Reference', <code>{customer.ref}</code>],
        ['Legal name', customer.legalName],
        [
          'Address',
          [line1, line2, [zip_code, city].filter(Boolean).join(' '), state, country]
            .filter(Boolean)
            .join(', '),
        ],
        ['E-mail', customer.email],
        ['Tax id', customer.taxId],
        ['Tax', customer.taxPercent && `${customer.taxPercent}%`],
        ['Currency', customer.currency],
        ['Payment terms', customer.netTerms === null ? null : `${customer.netTerms} days`],
        ['Automatic charge', customer.autoCharge ? 'Yes, by the saved card' : 'No'],
        ['Since', <InstantText at={customer.createdAt} />],
      ]}
    />
  )
}
