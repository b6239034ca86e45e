import type { FC } from 'hono/jsx'
import { dateInWords } from '../invoicing/documents/date-words.ts'
import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { Money } from '../web/money.tsx'
import { STANDING_LOOKS, type Standing } from '../web/standing.ts'
import { Status } from '../web/status.tsx'
import type { HostedInvoice } from './hosted-invoice.ts'

/** Who asks for how much by when, and how it stands: what a customer looks for first. */
export const Due: FC<{ hosted: HostedInvoice; today: LocalDate; path: string }> = ({
  hosted,
  today,
  path,
}) => {
  const { invoice, standing, amountDue } = hosted
  const seller = invoice.parties.seller.name
  return (
    <section class="due panel" aria-labelledby="title">
      <h1 id="title" class="seller">
        <span class="monogram" aria-hidden="true">
          {[...seller][0]}
        </span>
        <span>
          {seller}
          <span class="soft number">Invoice {invoice.number}</span>
        </span>
      </h1>
      <p class="soft">{standing === 'paid' ? 'Paid' : 'Amount due'}</p>
      <p class="amount">
        <Money amount={standing === 'paid' ? invoice.total : amountDue} currency={invoice.currency} />
      </p>
      <p class="standing">
        <Status {...STANDING_LOOKS[standing]} />
        {!isOver(standing) && (
          <span>
            Due <time datetime={invoice.dueDate}>{dateInWords(invoice.dueDate)}</time>{' '}
            {standing !== 'processing' && <span class="soft">({daysLeft(today, invoice.dueDate)})</span>}
          </span>
        )}
      </p>
      <p class="soft">{whatNext(hosted)}</p>
      <p class="actions">
        <a class="button" href={`${path}/pdf`}>
          Download PDF
        </a>
      </p>
    </section>
  )
}

/** Nothing will be asked for any more, whatever the due date. */
const isOver = (standing: Standing): boolean =>
  standing === 'paid' || standing === 'void' || standing === 'credited' || standing === 'written_off'

function daysLeft(today: LocalDate, dueDate: LocalDate): string {
  const days = daysBetween(today, dueDate)
  if (days === 0) return 'today'
  const count = Math.abs(days) === 1 ? '1 day' : `${Math.abs(days)} days`
  return days > 0 ? `in ${count}` : `${count} late`
}

function whatNext({ standing, toPay }: HostedInvoice): string | null {
  if (standing === 'paid') return 'Thank you. Nothing is left to pay.'
  if (standing === 'void') return 'This invoice is void. Please do not pay it.'
  if (standing === 'credited') return 'This invoice was credited. Nothing is left to pay.'
  if (standing !== 'processing') return null
  return toPay > 0n
    ? 'Part of the money is on its way and is being confirmed.'
    : 'Your payment is being confirmed. There is nothing more to do; this page updates itself.'
}
