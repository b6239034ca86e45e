import type { FC } from 'hono/jsx'
import type { AuditRow } from '../access/access.store.ts'
import type { CheckItem, CloseChecklist } from '../closing/checklist/checklist.ts'
import { checkPath } from '../closing/checklist/links.ts'
import { parseMoney } from '../kernel/money.ts'
import { lastDayOf } from '../ledger/accounting-period.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Table, withQuery } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'
import { type Allowed, CloseActions } from './close-actions.tsx'
import { CHECK_WORDS, PERIOD_LOOKS } from './close-words.ts'
import { ConsolePage, Panel } from './console.page.tsx'
import { EntityChoice } from './entity-choice.tsx'
import { headOf } from './report-view.ts'
import { inWords } from './words.ts'

type CloseProps = {
  operator: string
  entities: readonly { ref: string; name: string }[]
  checklist: CloseChecklist
  history: readonly AuditRow[]
  may: Allowed
}

export const ClosePage: FC<CloseProps> = ({ operator, entities, checklist, history, may }) => (
  <ConsolePage
    room="Close"
    title={`Close ${headOf(checklist.month)}`}
    operator={operator}
    beside={<Status {...PERIOD_LOOKS[checklist.status]} />}
  >
    <form class="actions" method="get" action="/console/close">
      <EntityChoice entities={entities} now={checklist.entity_ref} />
      <label for="month">Month</label>
      <input id="month" name="month" type="month" value={checklist.month} required />
      <button type="submit" class="button">
        Show
      </button>
      <a class="button" href={withQuery('/console/trial-balance', { as_of: lastDayOf(checklist.month) })}>
        Trial balance
      </a>
    </form>
    <Panel id="checklist" title="Checklist">
      <Verdict checklist={checklist} />
      <Table
        caption="What stands before the close"
        hideCaption
        columns={itemColumns(checklist)}
        rows={checklist.items}
        empty=""
      />
    </Panel>
    <Panel id="period" title="The month">
      <CloseActions checklist={checklist} may={may} />
    </Panel>
    <Panel id="history" title="History">
      <Table
        caption="Who posted closing entries, closed the month, and opened it again"
        hideCaption
        columns={HISTORY_COLUMNS}
        rows={history}
        empty="Nothing was done to this month yet."
      />
    </Panel>
  </ConsolePage>
)

const Verdict: FC<{ checklist: CloseChecklist }> = ({ checklist: { ready, over, items, status } }) => {
  if (ready && status === 'locked') return <Status word="Nothing is open" shape="check" tone="good" />
  if (ready) return <Status word="Ready to be closed" shape="check" tone="good" />
  const open = items.filter(({ state }) => state === 'open').length
  return (
    <>
      {open > 0 && <Status word={`${open} of ${items.length} open`} shape="triangle" tone="warn" />}
      {!over && (
        <p class="hint">The month is not over where these books are kept; it can be closed once it is.</p>
      )}
    </>
  )
}

const itemColumns = (checklist: CloseChecklist): Column<CheckItem>[] => [
  {
    head: 'Check',
    kind: 'name',
    cell: ({ code, state }) => (
      <>
        {CHECK_WORDS[code][0]}
        {state === 'open' && <p class="hint">{CHECK_WORDS[code][1]}</p>}
      </>
    ),
  },
  {
    head: 'State',
    cell: ({ state }) =>
      state === 'clear' ? (
        <Status word="Clear" shape="check" tone="good" />
      ) : (
        <Status word="Open" shape="triangle" tone="warn" />
      ),
  },
  { head: 'Count', kind: 'figure', cell: ({ count, state }) => state === 'open' && count },
  {
    head: 'Amount',
    kind: 'figure',
    cell: ({ amounts }) =>
      amounts.map(({ currency, amount }) => (
        <div>
          <Money amount={parseMoney(amount, currency) ?? 0n} currency={currency} />
        </div>
      )),
  },
  {
    head: 'Look',
    cell: ({ code, state }) => state === 'open' && <a href={checkPath(code, checklist)}>Look at it</a>,
  },
]

const told = (value: unknown, field: string): string => String(Object(value)[field] ?? '')

const HISTORY_COLUMNS: Column<AuditRow>[] = [
  { head: 'When', kind: 'name', cell: ({ at }) => <InstantText at={at} /> },
  {
    head: 'Became',
    cell: ({ action, after }) =>
      action === 'period.close_entries' ? 'Entries posted' : inWords(told(after, 'status')),
  },
  { head: 'Was', cell: ({ before }) => inWords(told(before, 'status')) },
  { head: 'By', cell: ({ actor }) => actor },
  { head: 'Reason', cell: ({ after }) => told(after, 'reason') },
]
