import type { FC } from 'hono/jsx'
import type { Paged } from '../kernel/page.ts'
import { ACCOUNT_ROLES } from '../ledger/account.ts'
import type { PostedEntry } from '../ledger/ledger.store.ts'
import { Figures } from '../web/money.tsx'
import { EmptyState, Pagination, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage } from './console.page.tsx'
import { inWords } from './words.ts'

type JournalFilter = {
  account?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

type JournalProps = { operator: string; filter: JournalFilter; page: Paged<PostedEntry> }

export const JournalPage: FC<JournalProps> = ({ operator, filter, page }) => (
  <ConsolePage room="Journal" title="Journal" operator={operator}>
    <form class="actions" method="get" action="/console/journal">
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
    <section class="panel" aria-labelledby="entries">
      <h2 id="entries" class="unseen">
        Entries
      </h2>
      <JournalEntries entries={page.rows} />
      <Pagination path="/console/journal" query={filter} nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
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
  </article>
)

/** An entry whose own month was closed says which day it belongs to. */
const belonging = ({ belongsTo }: PostedEntry): string[] =>
  belongsTo === null ? [] : [`Belongs to ${belongsTo}`]
