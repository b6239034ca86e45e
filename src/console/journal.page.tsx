import type { FC } from 'hono/jsx'
import type { Minor } from '../kernel/money.ts'
import type { Paged } from '../kernel/page.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import type { PostedEntry } from '../ledger/lines.store.ts'
import { Figures, Money } from '../web/money.tsx'
import { EmptyState, Pagination, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage } from './console.page.tsx'
import { type JournalQuery, journalPath } from './report-links.ts'
import { headOf } from './report-view.ts'
import { inWords } from './words.ts'

type JournalProps = {
  operator: string
  filter: JournalQuery
  page: Paged<PostedEntry>
  /** What is asked for of an account adds up to this in each currency, debit positive. */
  totals: ReadonlyMap<string, Minor>
}

export const JournalPage: FC<JournalProps> = ({ operator, filter, page, totals }) => (
  <ConsolePage room="Journal" title="Journal" operator={operator}>
    <JournalForm filter={filter} />
    <Narrowed filter={filter} />
    <Totals account={filter.account} totals={totals} />
    <section class="panel" aria-labelledby="entries">
      <h2 id="entries" class="unseen">
        Entries
      </h2>
      <JournalEntries entries={page.rows} />
      <Pagination path="/console/journal" query={filter} nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)

/** What the form asks for by itself; the rest of a filter stays as it is. */
const ASKED = ['account', 'from', 'to']
const narrowing = (filter: JournalQuery): [string, string][] =>
  Object.entries(filter).flatMap(([name, value]) => (value && !ASKED.includes(name) ? [[name, value]] : []))

const JournalForm: FC<{ filter: JournalQuery }> = ({ filter }) => (
  <form class="actions" method="get" action="/console/journal">
    {narrowing(filter).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <label for="account">Account</label>
    <select id="account" name="account">
      <option value="">All</option>
      {ACCOUNT_ROLES.map((account) => (
        <option value={account} selected={account === filter.account}>
          {inWords(account)}
        </option>
      ))}
    </select>
    <label for="from">From</label>
    <input id="from" name="from" type="date" value={filter.from} />
    <label for="to">to</label>
    <input id="to" name="to" type="date" value={filter.to} />
    <button type="submit" class="button">
      Show
    </button>
  </form>
)

/** What a figure of a report was narrowed down by, each with the way to do without it. */
const Narrowed: FC<{ filter: JournalQuery }> = ({ filter }) => {
  const by = narrowing(filter)
  if (by.length === 0) return null
  return (
    <nav class="filters" aria-label="Narrowed down by">
      {by.map(([name, value]) => (
        <a
          href={journalPath({ ...filter, [name]: undefined })}
          aria-label={`Without ${headOf(name)} ${value}`}
        >
          {headOf(name)}: {value} ×
        </a>
      ))}
    </nav>
  )
}

/** What all entries that fit, on this page and older ones, have on the account. */
const Totals: FC<{ account: JournalQuery['account'] } & Pick<JournalProps, 'totals'>> = ({
  account,
  totals,
}) =>
  account &&
  totals.size > 0 && (
    <ul class="hint" aria-label="Total">
      {[...totals].map(([currency, net]) => (
        <li>
          In total on {inWords(account)}: <Money amount={net < 0n ? -net : net} currency={currency} />{' '}
          {net < 0n ? 'credit' : 'debit'}
        </li>
      ))}
    </ul>
  )

/** Entries as a journal prints them: the event, and under it its debits and credits. */
export const JournalEntries: FC<{ entries: readonly PostedEntry[] }> = ({ entries }) =>
  entries.length === 0 ? (
    <EmptyState>No entry has been posted here.</EmptyState>
  ) : (
    <div class="journal">
      {entries.map((entry) => (
        <Entry entry={entry} />
      ))}
    </div>
  )

const Entry: FC<{ entry: PostedEntry }> = ({ entry }) => (
  <article class="entry" id={entry.id}>
    <h3>
      <span>{inWords(entry.event)}</span>
      <DateText date={entry.postingDate} />
    </h3>
    <Table
      caption={[entry.description, entry.currency, ...belonging(entry)].join(' · ')}
      rows={entry.postings}
      empty=""
      columns={[
        { head: 'Account', kind: 'name', cell: ({ account }) => inWords(account) },
        {
          head: 'Debit',
          kind: 'figure',
          cell: ({ amount }) => <Figures amount={amount > 0n ? amount : 0n} currency={entry.currency} />,
        },
        {
          head: 'Credit',
          kind: 'figure',
          cell: ({ amount }) => <Figures amount={amount < 0n ? -amount : 0n} currency={entry.currency} />,
        },
      ]}
    />
    <Sources entry={entry} />
  </article>
)

/** Where an entry comes from: the line of its invoice, the contract, the customer. */
const Sources: FC<{ entry: PostedEntry }> = ({ entry }) => {
  const [invoiceId, contractRef, customerRef] = (['invoiceId', 'contractRef', 'customerRef'] as const).map(
    (dimension) => entry.postings.find((posting) => posting[dimension])?.[dimension],
  )
  return (
    <p class="sources">
      {invoiceId && <a href={`/console/invoices/${invoiceId}#${lineOf(entry)}`}>Invoice</a>}
      {contractRef && <a href={`/console/contracts/${encodeURIComponent(contractRef)}`}>Contract</a>}
      {customerRef && <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>Customer</a>}
      {entry.reverses && <a href={journalPath({ entry_id: entry.reverses })}>The entry it takes back</a>}
    </p>
  )
}

/** The line whose revenue an entry is: its source is the line and a day. */
const lineOf = ({ event, sourceId }: PostedEntry): string =>
  event === 'revenue_recognised' ? (sourceId.split(':')[0] ?? '') : 'bill'

/** An entry whose own month was closed says which day it belongs to. */
const belonging = ({ belongsTo }: PostedEntry): string[] =>
  belongsTo === null ? [] : [`Belongs to ${belongsTo}`]
