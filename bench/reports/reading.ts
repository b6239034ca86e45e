/** A statement that was run, with what D1 says of it: rows are what a bill counts, and hang on no machine's load. */
export type Read = { sql: string; params: unknown[]; rows: number; written: number; ms: number }

type Meta = { rows_read: number; rows_written: number; duration: number }

/** The same database; each statement that is run is noted. */
export const reading = (d1: D1Database, reads: Read[]): D1Database =>
  ({
    prepare: (sql: string) => noting(d1.prepare(sql), { sql, params: [] }, reads),
    batch: async (statements: Noting[]) => {
      const results = await d1.batch(statements.map(({ own }) => own))
      for (const [place, { meta }] of results.entries()) note(reads, statements[place]!.of, meta as Meta)
      return results
    },
  }) as unknown as D1Database

type Of = Pick<Read, 'sql' | 'params'>
type Noting = { own: D1PreparedStatement; of: Of }

const note = (reads: Read[], of: Of, { rows_read, rows_written, duration }: Meta): void =>
  void reads.push({ ...of, rows: rows_read, written: rows_written, ms: duration })

function noting(own: D1PreparedStatement, of: Of, reads: Read[]): Noting {
  const noted = async <Result extends { meta: unknown }>(running: Promise<Result>): Promise<Result> => {
    const result = await running
    note(reads, of, result.meta as Meta)
    return result
  }
  const statement = {
    own,
    of,
    bind: (...params: unknown[]) => noting(own.bind(...params), { ...of, params }, reads),
    all: () => noted(own.all()),
    run: () => noted(own.run()),
    first: async (column?: string) => {
      const { results } = await noted(own.all<Record<string, unknown>>())
      const row = results[0] ?? null
      return column === undefined ? row : row?.[column]
    },
    // D1 tells nothing of a raw answer: a statement that reads runs twice; what others return has no name twice.
    raw: async () => {
      const { results } = await noted(own.all<Record<string, unknown>>())
      return /^\s*(select|with)/i.test(of.sql) ? own.raw() : results.map(Object.values)
    },
  }
  return statement
}
