import type { FC } from 'hono/jsx'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import type { PaymentSummary } from '../payments/payments.store.ts'
import { Table } from '../web/table.tsx'
import type { Webhook } from '../webhooks/webhook.ts'
import { ConsolePage, Panel } from './console.page.tsx'
import { type InvoiceColumnsContext, invoiceColumns } from './invoices.page.tsx'
import type { CurrencyOverview } from './overview.ts'
import { CurrencyPanel } from './overview-money.tsx'
import {
  type Parked,
  ParkedTask,
  RatesTask,
  UnappliedTask,
  UnbilledTask,
  WebhooksTask,
} from './overview-tasks.tsx'

export type OverviewProps = InvoiceColumnsContext & {
  operator: string
  money: CurrencyOverview[]
  unapplied: PaymentSummary[]
  parked: Parked
  /** Whether the operator may have what failed sent again. */
  maySend: boolean
  unbilled: { customers: string[]; products: string[] }
  failedRates: { source: string; failure: string | null }[]
  troubledWebhooks: Webhook[]
  latest: InvoiceSummary[]
}

export const OverviewPage: FC<OverviewProps> = (props) => (
  <ConsolePage room="Overview" title="Overview" operator={props.operator}>
    <section aria-labelledby="tasks" class="stack">
      <h2 id="tasks">Needs a person</h2>
      <ul class="tasks">
        <UnappliedTask unapplied={props.unapplied} />
        <UnbilledTask {...props.unbilled} />
        <ParkedTask {...props.parked} maySend={props.maySend} />
        <RatesTask failed={props.failedRates} />
        <WebhooksTask troubled={props.troubledWebhooks} />
      </ul>
    </section>
    {props.money.length === 0 && <Welcome />}
    {props.money.map((row) => (
      <CurrencyPanel row={row} />
    ))}
    <Panel id="latest" title="Latest invoices">
      <Table
        caption="The latest invoices"
        hideCaption
        columns={invoiceColumns(props)}
        rows={props.latest}
        empty="No invoice has been issued yet."
      />
    </Panel>
  </ConsolePage>
)

const Welcome: FC = () => (
  <p class="empty">
    No money has moved yet. The <a href="/docs">API</a> takes sellers, customers, contracts and usage;
    invoices follow.
  </p>
)
