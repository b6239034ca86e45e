import type { FC } from 'hono/jsx'
import { displayMoney, sum } from '../kernel/money.ts'
import type { FoundPayment, PaymentSummary } from '../payments/payments.store.ts'
import { Facts } from '../web/facts.tsx'
import { Money } from '../web/money.tsx'
import { type Column, Table } from '../web/table.tsx'
import { DateText, InstantText } from '../web/time.tsx'
import { ApplyForm, type OpenInvoice } from './apply-form.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { PaymentState, unappliedOf } from './payments.page.tsx'
import { journalPath } from './report-links.ts'
import { inWords } from './words.ts'

type PaymentProps = {
  operator: string
  found: FoundPayment
  customerName: string | undefined
  /** Of the invoices it was applied to. */
  numbers: Map<string, string>
  /** What the rest of it can be for, where who looks may decide that. */
  openInvoices: OpenInvoice[] | undefined
}

export const PaymentPage: FC<PaymentProps> = ({
  operator,
  found: { payment, match, allocations, credit, refunded },
  customerName,
  numbers,
  openInvoices,
}) => {
  const applied = sum(allocations.map(({ amount }) => amount))
  const summary: PaymentSummary = { ...payment, applied, credit, refunded }
  return (
    <ConsolePage
      room="Payments"
      up
      title={`Payment of ${displayMoney(payment.amount, payment.currency)}`}
      operator={operator}
      beside={<PaymentState payment={summary} />}
    >
      <div class="columns">
        <Panel id="facts" title="What arrived">
          <PaymentFacts payment={summary} customerName={customerName} />
        </Panel>
        <Panel id="match" title="How it was matched">
          <p>
            <strong>{inWords(match.rule)}.</strong> {match.explanation}
          </p>
          <p class="hint">
            By {match.actor}, <InstantText at={match.decidedAt} />
          </p>
        </Panel>
      </div>
      <Panel id="allocations" title="Applied to">
        <Table
          caption="Invoices that this payment was applied to"
          hideCaption
          columns={allocationColumns(numbers, payment.currency)}
          rows={allocations}
          empty="No invoice has taken anything of this payment."
        />
      </Panel>
      {openInvoices && (
        <Panel id="apply" title="Apply the rest">
          <ApplyForm paymentId={payment.id} invoices={openInvoices} />
        </Panel>
      )}
    </ConsolePage>
  )
}

const PaymentFacts: FC<{ payment: PaymentSummary; customerName: string | undefined }> = ({
  payment,
  customerName,
}) => {
  const { currency, customerRef, payer } = payment
  return (
    <Facts
      items={[
        [
          'Amount',
          <a href={journalPath({ event: 'payment_received', source_id: payment.id })}>
            <Money amount={payment.amount} currency={currency} />
          </a>,
        ],
        ['Received', <DateText date={payment.receivedOn} />],
        ['Paid by', inWords(payment.rail)],
        [
          'Customer',
          customerRef && (
            <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>
              {customerName ?? customerRef}
            </a>
          ),
        ],
        ['Payer', [payer.name, payer.account].filter(Boolean).join(', ')],
        ['Reference', payment.reference],
        ['Id at its source', <code>{payment.externalKey}</code>],
        ['Applied', <Money amount={payment.applied} currency={currency} />],
        ['Customer credit', payment.credit > 0n && <Money amount={payment.credit} currency={currency} />],
        ['Unapplied', <Money amount={unappliedOf(payment)} currency={currency} />],
      ]}
    />
  )
}

const allocationColumns = (
  numbers: Map<string, string>,
  currency: string,
): Column<FoundPayment['allocations'][number]>[] => [
  {
    head: 'Invoice',
    kind: 'name',
    cell: ({ invoiceId }) => (
      <a href={`/console/invoices/${invoiceId}`}>{numbers.get(invoiceId) ?? invoiceId}</a>
    ),
  },
  { head: 'Rule', cell: ({ rule }) => inWords(rule) },
  { head: 'Why', cell: ({ explanation }) => explanation },
  {
    head: 'Applied',
    kind: 'figure',
    cell: ({ id, amount }) => (
      <a href={journalPath({ event: 'payment_allocated', source_id: id })}>
        <Money amount={amount} currency={currency} />
      </a>
    ),
  },
]
