// biome-ignore-all lint/a11y/noRedundantRoles: browsers forget the roles of a table that is laid out as cards

import type { Child, FC, PropsWithChildren } from 'hono/jsx'

export type Column<Row> = {
  head: string
  cell: (row: Row) => Child
  /** Figures stand on the right; the first text column names the row. */
  kind?: 'figure' | 'name' | undefined
}

type TableProps<Row> = {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  /** What is said in place of an empty table. */
  empty: string
  /** For tables that stand under a heading which says the same. */
  hideCaption?: boolean | undefined
  /** The last row, cell by cell. */
  total?: readonly Child[] | undefined
}

/**
 * A table that becomes a pile of cards on a phone.
 */
export function Table<Row>({ caption, columns, rows, empty, hideCaption, total }: TableProps<Row>) {
  if (rows.length === 0) return <EmptyState>{empty}</EmptyState>
  return (
    <table role="table">
      <caption class={hideCaption ? 'unseen' : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, kind }) => (
            <th scope="col" role="columnheader" class={kind}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row">
            {columns.map((column) => (
              <Cell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
      {total && <TotalRow columns={columns} cells={total} />}
    </table>
  )
}

function Cell<Row>({ column: { head, kind, cell }, row }: { column: Column<Row>; row: Row }) {
  return kind === 'name' ? (
    <th scope="row" role="rowheader" data-label={head} class={kind}>
      {cell(row)}
    </th>
  ) : (
    <td role="cell" data-label={head} class={kind}>
      {cell(row)}
    </td>
  )
}

function TotalRow<Row>({ columns, cells }: { columns: readonly Column<Row>[]; cells: readonly Child[] }) {
  const row = columns.map(({ head, kind }, place) => ({ head, kind, cell: () => cells[place] ?? '' }))
  return (
    <tfoot role="rowgroup">
      <tr role="row">
        {row.map((column) => (
          <Cell column={column} row={undefined} />
        ))}
      </tr>
    </tfoot>
  )
}

export const EmptyState: FC<PropsWithChildren> = ({ children }) => <p class="empty">{children}</p>

/** The way to the next page of a list; `query` is what the list is filtered by. */
export const Pagination: FC<{
  path: string
  query?: Record<string, string | undefined>
  nextCursor: string | null
}> = ({ path, query = {}, nextCursor }) =>
  nextCursor && (
    <nav class="pagination" aria-label="Pages">
      <a class="button" href={withQuery(path, { ...query, cursor: nextCursor })}>
        Older
      </a>
    </nav>
  )

/** An address with the parameters that are set. */
export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`
}
