import type { Fault, Problem } from '../kernel/problem.ts'
import { type ImportRow, type Kind, type RowReport, reported } from './import-report.ts'

/** What is decided about one row; `plan` is what it would write, where it would write anything. */
export type Decided<Plan> = { report: RowReport; plan?: Plan }

export const unwritten = (report: RowReport): Decided<never> => ({ report })

/** A problem of a row as its faults; one that names no field is about the row as a whole. */
export const faultsOf = ({ faults, message }: Problem): readonly Fault[] =>
  faults.length > 0 ? faults : [{ path: '', message }]

export const refused = (
  kind: Kind,
  row: Pick<ImportRow, 'row'>,
  ref: string | null,
  faults: readonly Fault[],
): Decided<never> => unwritten(reported(kind, row, ref, 'refused', faults))

/** Tells of each ref whether an earlier row of the file has it: then two rows would speak for one thing. */
export function firstRowOf(): (ref: string, row: number) => Fault[] {
  const rows = new Map<string, number>()
  return (ref, row) => {
    const first = rows.get(ref)
    if (first === undefined) rows.set(ref, row)
    return first === undefined
      ? []
      : [{ path: '', message: `has the reference of row ${first} again; send each thing once` }]
  }
}
