import type { Actor } from '../access/access.store.ts'
import type { Db } from '../storage/db.store.ts'
import { contractStage } from './contract-stage.job.ts'
import { type ImportRow, KINDS, type Kind, type RowReport } from './import-report.ts'
import { openingStage } from './opening-stage.job.ts'
import { customerStage, entityStage, productStage } from './records.job.ts'
import { type ImportContext, runStage, type Stage } from './stage.job.ts'

/** Rows that are read, decided about and written together: a batch of D1 has 30 seconds, and a call 1,000 queries. */
const PIECE_ROWS = 500
/** What a call may spend of its queries on single changes, and on finding the rows that a batch failed by. */
const CHANGES_MAX = 300
const FAILURES_MAX = 60

export type ImportRows = Partial<Record<Kind, readonly ImportRow[]>>

export type ImportOptions = { isDryRun: boolean; mayUpdate: boolean }

/**
 * Takes rows over, kind by kind in the order in which they refer to each other, and tells of each what became of it. A
 * row that is refused refuses no other. The same rows again are found unchanged, so a call that was cut off is simply
 * made again. A dry run takes every step, and the database takes it back.
 */
export async function importRows(
  db: Db,
  actor: Actor,
  rows: ImportRows,
  options: ImportOptions,
): Promise<RowReport[]> {
  const context: ImportContext = {
    db,
    actor,
    ...options,
    rehearsed: { entities: new Map(), products: new Map(), customers: new Map(), contracts: new Map() },
    changesLeft: CHANGES_MAX,
    failuresLeft: FAILURES_MAX,
  }
  const reports: RowReport[] = []
  for (const kind of KINDS) reports.push(...(await RUN[kind](context, rows[kind] ?? [])))
  return reports
}

type Run = (context: ImportContext, rows: readonly ImportRow[]) => Promise<RowReport[]>

/** Runs a stage over all rows of its kind, a piece at a time; what one piece wrote is there for the next. */
const inPieces =
  <Plan>(stageOf: () => Stage<Plan>): Run =>
  async (context, rows) => {
    const stage = stageOf()
    const reports: RowReport[] = []
    for (let start = 0; start < rows.length; start += PIECE_ROWS) {
      const decided = await runStage(stage, context, rows.slice(start, start + PIECE_ROWS))
      reports.push(...decided.map(({ report }) => report))
    }
    return reports
  }

const RUN: Record<Kind, Run> = {
  entities: inPieces(entityStage),
  products: inPieces(productStage),
  customers: inPieces(customerStage),
  contracts: inPieces(contractStage),
  open_invoices: inPieces(openingStage),
}
