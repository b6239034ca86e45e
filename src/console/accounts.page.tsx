import type { FC } from 'hono/jsx'
import type { AccountRole } from '../ledger/account.ts'
import type { ChartAccount, ChartOfAccounts } from '../ledger/chart-of-accounts.ts'
import { type Column, Table, withQuery } from '../web/table.tsx'
import { ConsolePage } from './console.page.tsx'
import { dimensionsInWords } from './dimensions.page.tsx'
import { EntityChoice } from './entity-choice.tsx'
import { journalPath } from './report-links.ts'
import { inWords } from './words.ts'

type AccountsProps = {
  operator: string
  entities: readonly { ref: string; name: string }[]
  entityRef: string
  chart: ChartOfAccounts
  mayRename: boolean
}
type Account = { role: AccountRole } & ChartAccount

/** What the accounting system of an entity calls its accounts. */
export const AccountsPage: FC<AccountsProps> = ({ operator, entities, entityRef, chart, mayRename }) => (
  <ConsolePage room="Accounts" title="Accounts" operator={operator}>
    <form class="actions" method="get" action="/console/accounts">
      <EntityChoice entities={entities} now={entityRef} />
      <button type="submit" class="button">
        Show
      </button>
    </form>
    <p class="hint">
      Statements and exports show these numbers, names and dimensions. Entries keep the role, so a change
      holds for what was posted before, too.
    </p>
    <form class="panel" method="post" action="/console/accounts">
      <input type="hidden" name="entity_ref" value={entityRef} />
      <Table
        caption="Accounts with their numbers and names"
        hideCaption
        columns={columnsOf(entityRef, mayRename)}
        rows={[...chart].map(([role, account]) => ({ role, ...account }))}
        empty=""
      />
      {mayRename && (
        <p class="actions">
          <button type="submit" class="button primary">
            Save
          </button>
        </p>
      )}
    </form>
  </ConsolePage>
)

const columnsOf = (entityRef: string, mayRename: boolean): Column<Account>[] => [
  {
    head: 'Role',
    kind: 'name',
    cell: ({ role }) => <a href={journalPath({ account: role, entity_ref: entityRef })}>{inWords(role)}</a>,
  },
  {
    head: 'Number',
    cell: ({ role, number }) =>
      mayRename ? (
        <input
          name={`number_${role}`}
          value={number ?? ''}
          maxlength={32}
          aria-label={`Number of ${inWords(role)}`}
        />
      ) : (
        number
      ),
  },
  {
    head: 'Name',
    cell: ({ role, name }) =>
      mayRename ? (
        <input
          name={`name_${role}`}
          value={name}
          maxlength={200}
          required
          aria-label={`Name of ${inWords(role)}`}
        />
      ) : (
        name
      ),
  },
  {
    head: 'Dimensions',
    cell: ({ role, dimensions }) => (
      <>
        {dimensionsInWords(dimensions)}{' '}
        {mayRename && (
          <a href={withQuery('/console/accounts/dimensions', { entity_ref: entityRef, account: role })}>
            Change<span class="unseen"> the dimensions of {inWords(role)}</span>
          </a>
        )}
      </>
    ),
  },
]
