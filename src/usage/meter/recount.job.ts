import { bucketOf, CellSums } from '../bucket.ts'
import { readQuantity } from '../quantity.ts'
import { countedContent } from '../usage-event.ts'
import { allRuns, type Run } from './log-order.store.ts'
import { isRevision, type LoggedEvent } from './logged-event.ts'
import type { MeterContext } from './meter-context.store.ts'
import { StateCells } from './state-cells.ts'

/** What the events of archive and log add up to, and what is amiss in them. */
export class Recount {
  readonly cells = new CellSums()
  readonly states = new StateCells()
  readonly faults: string[] = []
  segments = 0
  readonly #meter: MeterContext

  constructor(meter: MeterContext) {
    this.#meter = meter
  }

  add(event: LoggedEvent): void {
    const { metrics } = this.#meter.books
    const { productRef, at, quantity } = event
    this.cells.add({ productRef, at: bucketOf(at), quantity: readQuantity(quantity), events: 1 })
    for (const kept of metrics.keptOf(productRef)) this.states.add(kept, event)
  }
}

/**
 * Reads all events up to now again, run by run, and proves on the way that no number is missing and that every
 * revision is the one that the log tells of. Nothing may be archived or amended meanwhile, but more may come in.
 */
export async function recounted(meter: MeterContext): Promise<Recount> {
  const recount = new Recount(meter)
  for (const event of meter.raw.revised().events) recount.add(event)
  let next = 1
  let revisions = 0
  for (const run of allRuns(meter.sql)) {
    if (run.firstNumber !== next) recount.faults.push(`events ${next} to ${run.firstNumber - 1} are missing`)
    next = run.lastNumber + 1
    if (run.isArchived) recount.segments++
    revisions += await countRun(meter, run, recount)
  }
  const { kept } = meter.sql.exec<{ kept: number }>('SELECT count(*) AS kept FROM revisions').one()
  if (kept !== revisions) recount.faults.push(`${kept} revisions are kept, and the log has ${revisions}`)
  return recount
}

/** Counts the events of a run; answers how many of the revisions that hold by now it has. */
async function countRun(meter: MeterContext, run: Run, recount: Recount): Promise<number> {
  const named = `events ${run.firstNumber} to ${run.lastNumber}`
  const lines = await meter.raw.lines(run.firstNumber, run.lastNumber).catch((error) => {
    recount.faults.push(`${named} can't be read: ${error instanceof Error ? error.message : error}`)
  })
  if (!lines) return 0
  if (lines.length !== run.lastNumber - run.firstNumber + 1)
    recount.faults.push(`${named} are ${lines.length} lines`)
  let revisions = 0
  const revised = revisedNumbers(meter.sql, run)
  for (const event of lines) {
    if (isRevision(event)) revisions += checkRevision(meter, event, recount)
    else if (!revised.has(event.number)) recount.add(event)
  }
  return revisions
}

const revisedNumbers = (sql: SqlStorage, { firstNumber, lastNumber }: Run): Set<number> =>
  new Set(
    Array.from(
      sql.exec<{ number: number }>(
        'SELECT number FROM revisions WHERE number BETWEEN ? AND ?',
        firstNumber,
        lastNumber,
      ),
      ({ number }) => number,
    ),
  )

type Kept = { revision: number; line: string; voided: number }

/** 1 where the revision is the one that holds by now; a later one may have taken its place. */
function checkRevision({ sql }: MeterContext, event: LoggedEvent, { faults }: Recount): 0 | 1 {
  const of = event.amends ?? event.voids
  const [kept] = sql.exec<Kept>('SELECT revision, line, voided FROM revisions WHERE number = ?', of)
  if (kept && kept.revision > event.number) return 0
  const isSame =
    kept?.revision === event.number &&
    (kept.voided === 1) === (event.voids !== undefined) &&
    countedContent(JSON.parse(kept.line).event) === countedContent(event.event)
  if (!isSame) faults.push(`the revision ${event.number} of event ${of} is kept otherwise than in the log`)
  return kept?.revision === event.number ? 1 : 0
}
