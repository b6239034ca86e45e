import type { FC } from 'hono/jsx'
import { isLocalDate } from '../kernel/calendar.ts'
import { type Column, EmptyState, Table } from '../web/table.tsx'
import { dayInWords } from '../web/time.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { type Found, type Hit, KINDS, pathOfHit } from './find.ts'
import { longText } from './payments.page.tsx'
import { inWords } from './words.ts'

const columnsOf = (kind: keyof Found): Column<Hit>[] => [
  {
    head: 'Name',
    kind: 'name',
    cell: (hit) => (
      <a href={pathOfHit(kind, hit)}>{isLocalDate(hit.name) ? dayInWords(hit.name) : hit.name}</a>
    ),
  },
  { head: 'Of', cell: ({ about }) => longText(about) },
]

type FindProps = { operator: string; words: string; found: Found }

export const FindPage: FC<FindProps> = ({ operator, words, found }) => {
  const kinds = KINDS.filter((kind) => found[kind].length > 0)
  return (
    <ConsolePage title={words ? `“${words}”` : 'Find'} operator={operator} words={words}>
      {kinds.length === 0 && (
        <EmptyState>
          {words
            ? 'Nothing goes by this.'
            : 'Type a name, a reference, or the number of an invoice or contract.'}
        </EmptyState>
      )}
      {kinds.map((kind) => (
        <Panel id={kind} title={inWords(kind)}>
          <Table
            caption={`${inWords(kind)}, the latest first`}
            hideCaption
            columns={columnsOf(kind)}
            rows={found[kind]}
            empty=""
          />
        </Panel>
      ))}
    </ConsolePage>
  )
}
