import type { FC } from 'hono/jsx'
import type { Contract } from '../contracts/contract.ts'
import { dateAt } from '../contracts/periods/zone.ts'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import { Facts } from '../web/facts.tsx'
import { DateText } from '../web/time.tsx'
import { discountsInWords, taxesInWords } from './invoice-terms-words.ts'
import { commitmentInWords, renewalInWords } from './schedule-words.ts'
import { cycleInWords, inWords } from './words.ts'

export const TermFacts: FC<{ contract: Contract; customerName: string }> = ({ contract, customerName }) => {
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
        ['Next invoice', nextCloseAt === null ? 'None' : <DateText date={dateAt(terms, nextCloseAt)} />],
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

/** From when a contract or one of its products runs, and its last day. */
export const Runs: FC<{ start: LocalDate; end: LocalDate | null }> = ({ start, end }) => (
  <>
    from <DateText date={start} />
    {end === null ? ', without end' : <> to {<DateText date={addDays(end, -1)} />}</>}
  </>
)
