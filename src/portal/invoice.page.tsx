import type { FC } from 'hono/jsx'
import { invoiceDocument } from '../invoicing/documents/document.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { InvoiceBill } from '../web/bill.tsx'
import { HtmlDocument } from '../web/layout.tsx'
import { STANDING_LOOKS } from '../web/standing.ts'
import { Due } from './due.tsx'
import type { HostedInvoice } from './hosted-invoice.ts'
import { MoneySoFar } from './money-so-far.tsx'
import { Pay, type PayOptions } from './pay.tsx'

type HostedInvoiceProps = {
  hosted: HostedInvoice
  options: PayOptions
  /** Local date of the seller. */
  today: LocalDate
  /** `/i/<token>` */
  path: string
}

/** The customer's page: how much, by when, how to pay; then what for. */
export const HostedInvoicePage: FC<HostedInvoiceProps> = ({ hosted, options, today, path }) => {
  const { invoice, settlement, standing, version } = hosted
  const { seller } = invoice.parties
  return (
    <HtmlDocument
      title={`Invoice ${invoice.number} from ${seller.name}`}
      layout="invoice"
      scripts={['copy', 'invoice']}
    >
      <p id="live" class="unseen" role="status" />
      <main
        id="main"
        data-status-url={standing === 'paid' ? undefined : `${path}/status`}
        data-version={version}
        data-announce={`Payment state: ${STANDING_LOOKS[standing].word}`}
      >
        <Due hosted={hosted} today={today} path={path} />
        <Pay hosted={hosted} options={options} path={path} />
        <div class="papers">
          <MoneySoFar hosted={hosted} />
          <InvoiceBill document={invoiceDocument(invoice, settlement)} />
        </div>
      </main>
      <footer>
        <p>
          Questions about this invoice?{' '}
          {seller.email ? <a href={`mailto:${seller.email}`}>{seller.email}</a> : seller.name}
        </p>
      </footer>
    </HtmlDocument>
  )
}
