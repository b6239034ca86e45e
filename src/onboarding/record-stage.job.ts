import type { z } from '@hono/zod-openapi'
import { audit, type Change } from '../access/access.store.ts'
import { type Fault, Problem } from '../kernel/problem.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { changesOf } from '../storage/edit.store.ts'
import { differences } from './differences.ts'
import { type ImportRow, type Kind, reported } from './import-report.ts'
import { readRow } from './row.http.ts'
import type { ImportContext, Stage } from './stage.job.ts'
import { type Decided, faultsOf, firstRowOf, refused, unwritten } from './stage.ts'

export type Stored = { ref: string; createdAt: number; origin?: 'api' | 'usage' }

/** What is told apart by its ref and may be edited: how the routes read, compare, edit and write it. */
export type RecordKind<Row extends Stored, Body extends z.ZodObject> = {
  kind: Kind
  /** The name of such a thing in the audit log. */
  what: string
  refField: string
  body: Body
  /** A body with nothing but what has to be there, which stands in for one that cannot be read. */
  standIn: z.input<Body>
  read: (body: z.infer<Body>, now: number) => Row
  isSame: (there: Row, sent: Row) => boolean
  /** The record after an edit by these fields. Throws `invalid_request`. */
  edited: (there: Row, fields: Record<string, unknown>) => Row
  show: (row: Row) => Record<string, unknown>
  find: (context: ImportContext, refs: readonly string[]) => Promise<Map<string, Row>>
  /** What of the rows does not go with what is there, by ref. */
  faults?: (context: ImportContext, sent: readonly Row[]) => Promise<(row: Row) => Fault[]>
  insert: (db: Db, ...rows: Row[]) => Statement[]
  update: (db: Db, before: Row, after: Row, now: number) => Statement[]
  /** What else speaks against a change. */
  unfit?: (context: ImportContext, after: Row) => Promise<Fault[]>
  explained?: (ref: string, committed: Promise<void>) => Promise<void>
  note: (context: ImportContext['rehearsed'], row: Row) => void
}

export type RecordPlan<Row> = { after: Row; before?: Row; action: 'create' | 'complete' | 'edit' }

/** Records are created, found unchanged, completed where only usage had named them, or edited where that is asked for. */
export function recordStage<Row extends Stored, Body extends z.ZodObject>(
  spec: RecordKind<Row, Body>,
): Stage<RecordPlan<Row>> {
  const repeated = firstRowOf()
  return {
    decide: async (context, rows) => {
      const read = rows.map((row) => ({ row, ...sentBy(spec, context, row) }))
      const sent = read.map((one) => one.sent)
      const there = await spec.find(
        context,
        sent.map(({ ref }) => ref),
      )
      const faultsOfRow = await spec.faults?.(context, sent)
      const decided = read.map((one) => {
        const again = one.ref === null ? [] : repeated(one.ref, one.row.row)
        const faults = [...one.faults, ...again, ...(faultsOfRow?.(one.sent) ?? [])]
        if (faults.length > 0) return refused(spec.kind, one.row, one.ref, faults)
        return decide(spec, context, one, there.get(one.sent.ref))
      })
      return Promise.all(decided.map((one) => orUnfit(spec, context, one)))
    },
    statements: ({ db, actor }, plans) => [
      ...spec.insert(db, ...plans.flatMap(({ before, after }) => (before ? [] : [after]))),
      ...plans.flatMap(({ before, after }) => (before ? spec.update(db, before, after, actor.now) : [])),
      ...audit(db, actor, ...plans.map((plan) => changeBy(spec.what, plan))),
    ],
    explained: (plan, committed) => spec.explained?.(plan.after.ref, committed) ?? committed,
    note: (rehearsed, { after }) => spec.note(rehearsed, after),
  }
}

async function orUnfit<Row extends Stored, Body extends z.ZodObject>(
  { kind, unfit }: RecordKind<Row, Body>,
  context: ImportContext,
  decided: Decided<RecordPlan<Row>>,
): Promise<Decided<RecordPlan<Row>>> {
  const { plan, report } = decided
  const faults = plan?.before && unfit ? await unfit(context, plan.after) : []
  return faults.length === 0 ? decided : refused(kind, report, report.ref, faults)
}

const changeBy = <Row extends Stored>(what: string, { before, after, action }: RecordPlan<Row>): Change => ({
  action: `${what}.${action}`,
  subject: after.ref,
  ...(action === 'edit' && { before }),
  after,
})

type Sent<Row> = { sent: Row; content: Record<string, unknown>; ref: string | null; faults: Fault[] }

/** A row as far as it could be read, and what is wrong with its form. */
function sentBy<Row extends Stored, Body extends z.ZodObject>(
  spec: RecordKind<Row, Body>,
  { actor }: ImportContext,
  row: ImportRow,
): Sent<Row> {
  const ref = refOf(row, spec.refField)
  const { standIn, refField } = spec
  const parts = { open: [], standIns: { '': standIn, name: NO_NAME } }
  const { value, faults, content, isRead } = readRow(spec.body, parts, row)
  const isMissing = ref === null && isRead(refField)
  return {
    sent: spec.read(value, actor.now),
    content,
    ref,
    faults: [...faults, ...(isMissing ? [{ path: refField, message: REF_NEEDED }] : [])],
  }
}

const NO_NAME = '-'

export const REF_NEEDED = 'is needed: by it the same row is known when the file is sent again'

/** The ref of a row, whatever else is wrong with it. */
export function refOf({ content }: ImportRow, field: string): string | null {
  const ref = (content as Record<string, unknown> | null)?.[field]
  return typeof ref === 'string' ? ref.slice(0, 128) : null
}

function decide<Row extends Stored, Body extends z.ZodObject>(
  spec: RecordKind<Row, Body>,
  context: ImportContext,
  { row, sent, content }: Pick<Sent<Row>, 'sent' | 'content'> & { row: ImportRow },
  there: Row | undefined,
): Decided<RecordPlan<Row>> {
  const { kind } = spec
  const { ref } = sent
  const unchanged = () => unwritten(reported(kind, row, ref, 'unchanged'))
  if (!there) {
    return { report: reported(kind, row, ref, 'created'), plan: { action: 'create', after: sent } }
  }
  if (there.origin === 'usage') {
    return changed(spec, context, row, { action: 'complete', before: there, after: sent })
  }
  if (spec.isSame(there, sent)) return unchanged()
  if (!context.mayUpdate) return refused(kind, row, ref, differences(spec.show(there), spec.show(sent)))
  const after = editedBy(spec, there, content)
  if (after instanceof Problem) return refused(kind, row, ref, faultsOf(after))
  if (Object.keys(changesOf(there, after)).length === 0) return unchanged()
  return changed(spec, context, row, { action: 'edit', before: there, after })
}

function editedBy<Row extends Stored, Body extends z.ZodObject>(
  spec: RecordKind<Row, Body>,
  there: Row,
  content: Record<string, unknown>,
): Row | Problem {
  const { [spec.refField]: _, ...fields } = content
  try {
    return spec.edited(there, fields)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

const TOO_MANY_CHANGES = 'is one change more than a call makes; send the file again to go on'

function changed<Row extends Stored, Body extends z.ZodObject>(
  { kind }: RecordKind<Row, Body>,
  context: ImportContext,
  row: ImportRow,
  plan: RecordPlan<Row>,
): Decided<RecordPlan<Row>> {
  const { ref } = plan.after
  if (context.changesLeft-- <= 0) return refused(kind, row, ref, [{ path: '', message: TOO_MANY_CHANGES }])
  return { report: reported(kind, row, ref, 'updated'), plan }
}
