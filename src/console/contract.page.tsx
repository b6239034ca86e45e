import type { FC } from 'hono/jsx'
import type { Product } from '../catalog/catalog.store.ts'
import type { Contract } from '../contracts/contract.ts'
import { contractState } from '../contracts/contract-state.ts'
import type { ContractVersion } from '../contracts/contracts.store.ts'
import { cyclePeriod, type DatePeriod, lastBoundary } from '../contracts/periods/schedule.ts'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Paged } from '../kernel/page.ts'
import type { ContractAnswer } from '../revenue/accounting.http.ts'
import type { FinancingFlag } from '../revenue/deal/financing.ts'
import type { ProductUsage } from '../usage/usage-summary.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { Pagination, Table } from '../web/table.tsx'
import { DateText, PeriodText } from '../web/time.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import {
  CHANGE_COLUMNS,
  changeWords,
  priceColumns,
  usageColumns,
  VERSION_COLUMNS,
} from './contract-columns.tsx'
import { TermFacts } from './contract-terms.tsx'
import { CONTRACT_LOOKS, contractPath } from './contracts.page.tsx'
import { invoiceColumns } from './invoices.page.tsx'
import type { TodayOf } from './lookups.store.ts'
import { plannedChanges } from './planned-changes.ts'
import { UsageAccounting } from './usage-accounting.tsx'

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
  financing: FinancingFlag[]
  usageRevenue: ContractAnswer['usage']
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
      <Financing {...props} />
      <ContractPrices {...props} />
      <RunningUsage {...props} />
      <UsageAccounting usage={props.usageRevenue} products={props.products} />
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

/** A question to the person who answers for revenue; most contracts have none. */
const Financing: FC<ContractProps> = ({ contract, financing }) =>
  financing.length === 0 ? null : (
    <Panel id="financing" title="Payment and service are more than a year apart">
      {financing.map(({ lender, amount, date }) => (
        <p>
          <Money amount={amount} currency={contract.terms.currency} />{' '}
          {lender === 'customer' ? 'are paid ahead of the service' : 'are served ahead of the payment'}, as of{' '}
          <DateText date={date} />.
        </p>
      ))}
      <p class="hint">
        Whether this is a significant financing component is a judgement (ASC 606-10-32-15 to 32-18).
      </p>
    </Panel>
  )

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

/** The cycle that is running: the one whose end is the next boundary to be billed; of an ended contract the last one. */
export const runningCycle = ({ terms, nextCycle }: Contract): DatePeriod =>
  cyclePeriod(terms, Math.max(Math.min(nextCycle, lastBoundary(terms) ?? nextCycle), 1))
