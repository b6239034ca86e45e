import { assert } from '../../kernel/problem.ts'
import { type Period, within } from '../period.ts'
import { decompressed, segmentName } from './archive.store.ts'
import { type Source, sourceOf, sourcesOf } from './log-source.store.ts'
import { isRevision, type LoggedEvent, readLogLine, readLogLines } from './logged-event.ts'

export const ALL_TIME: Period = { start: 0, end: Number.MAX_SAFE_INTEGER }

type Revised = { events: LoggedEvent[]; numbers: ReadonlySet<number> }

/** An event as it counts by now, and which revision made it so; 0: none did. */
export type CurrentEvent = LoggedEvent & { revision: number; isVoided: boolean }

type RevisionRow = { number: number; line: string; voided: number }

/** The events that a meter has counted, as they count by now, from its log and the archive. */
export class RawEvents {
  readonly #sql: SqlStorage
  readonly #archive: R2Bucket
  readonly #meterName: string

  constructor(sql: SqlStorage, archive: R2Bucket, meterName: string) {
    this.#sql = sql
    this.#archive = archive
    this.#meterName = meterName
  }

  /** False only when no event has a timestamp in the period. */
  mayHold(period: Period): boolean {
    if (period.start >= period.end) return false
    return this.sources(period).length > 0 || this.revised().events.some(({ at }) => within(period, at))
  }

  /** The events with a timestamp in the period, as many at once as lie together. */
  async *batches(period: Period): AsyncGenerator<LoggedEvent[]> {
    const isIn = ({ at }: LoggedEvent) => within(period, at)
    const { events, numbers } = this.revised()
    yield events.filter(isIn)
    for (const source of this.sources(period)) yield (await this.counted(source, numbers)).filter(isIn)
  }

  /** What has been amended, as it is by now; and the numbers of all that was amended or voided. */
  revised(first = 1, last = Number.MAX_SAFE_INTEGER): Revised {
    const rows = this.#sql
      .exec<RevisionRow>(
        'SELECT number, line, voided FROM revisions WHERE number BETWEEN ? AND ?',
        first,
        last,
      )
      .toArray()
    return {
      events: rows
        .filter(({ voided }) => voided === 0)
        .map(({ number, line }) => ({ ...readLogLine(line, number), amends: number })),
      numbers: new Set(rows.map(({ number }) => number)),
    }
  }

  /** Where events of the period may lie, what reaches furthest first. */
  sources(period: Period): Source[] {
    return sourcesOf(this.#sql, period)
  }

  /**
   * The events of a source that still count as they were sent. Whoever reads what was amended beside it says which
   * events that was: one that is amended meanwhile must be neither left out nor told twice.
   */
  async counted(source: Source, revised: ReadonlySet<number>): Promise<LoggedEvent[]> {
    const lines = await this.lines(source.first_number, source.last_number)
    return lines.filter((event) => !isRevision(event) && !revised.has(event.number))
  }

  async current(number: number): Promise<CurrentEvent> {
    const [row] = this.#sql.exec<RevisionRow & { revision: number }>(
      'SELECT number, revision, line, voided FROM revisions WHERE number = ?',
      number,
    )
    if (!row) return { ...(await this.original(number)), revision: 0, isVoided: false }
    return { ...readLogLine(row.line, number), revision: row.revision, isVoided: row.voided === 1 }
  }

  /** An event as it was first recorded, by its number. */
  async original(number: number): Promise<LoggedEvent> {
    return (await this.originals([number])).get(number)!
  }

  /** Events as they were first recorded, by their numbers; each row and segment that they lie in is read once. */
  async originals(numbers: Iterable<number>): Promise<Map<number, LoggedEvent>> {
    const wanted = new Set(numbers)
    const found = new Map<number, LoggedEvent>()
    for (const number of wanted) {
      if (found.has(number)) continue
      const { first_number, last_number } = sourceOf(this.#sql, number)
      for (const event of await this.lines(first_number, last_number))
        if (wanted.has(event.number)) found.set(event.number, event)
      assert(found.has(number), `event ${number} is where it was put`)
    }
    return found
  }

  /** What has come in after a number, and is not archived yet. */
  loggedAfter(number: number): LoggedEvent[] {
    return Array.from(
      this.#sql.exec<{ first_number: number; lines: string }>(
        'SELECT first_number, lines FROM log WHERE last_number > ? ORDER BY first_number',
        number,
      ),
      (row) => readLogLines(row.lines, row.first_number),
    )
      .flat()
      .filter((event) => event.number > number && !isRevision(event))
  }

  /** All lines of a source, voids and amendments among them. */
  async lines(firstNumber: number, lastNumber: number): Promise<LoggedEvent[]> {
    const [row] = this.#sql.exec<{ lines: string }>(
      'SELECT lines FROM log WHERE first_number = ?',
      firstNumber,
    )
    if (row) return readLogLines(row.lines, firstNumber)
    // While the source was waited for its row may have gone into a segment that begins earlier.
    const [segment] = this.#sql.exec<{ first_number: number }>(
      'SELECT first_number FROM segments WHERE archived = 1 AND ? BETWEEN first_number AND last_number',
      firstNumber,
    )
    assert(segment !== undefined, `event ${firstNumber} is in the log or in the archive`)
    const events = readLogLines(await this.#archived(segment.first_number), segment.first_number)
    return events.slice(firstNumber - segment.first_number, lastNumber + 1 - segment.first_number)
  }

  async #archived(firstNumber: number): Promise<string> {
    const name = segmentName(this.#meterName, firstNumber)
    const object = await this.#archive.get(name)
    assert(object !== null, `the archive holds ${name}`)
    return decompressed(object.body)
  }
}
