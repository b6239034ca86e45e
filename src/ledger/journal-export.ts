import { accountIn, type ChartOfAccounts, DEFAULT_CHART } from './chart-of-accounts.ts'
import { type CustomerFields, dimensionNames, dimensionsOf } from './dimension.ts'
import { dimensionCells, dimensionColumns, refuseDimensions } from './export-dimensions.ts'
import { EXPORT_FORMS, type ExportFormat, type NumberedEntry } from './export-form.ts'

type Row = Record<string, string | null>

export type JournalFile = { columns: string[]; rows: Row[] }

/** What the files of some entities are written with: the charts of those that changed theirs, and what rules read. */
export type ExportBooks = {
  charts: ReadonlyMap<string, ChartOfAccounts>
  customerFields: CustomerFields
  /** By reference; one without a name stands there by that. */
  customerNames: ReadonlyMap<string, string>
  taxRate: string
}

/**
 * The journal lines of entries in the import form of an accounting system: one row for each posting, under the number
 * and name that the entity gave its account, with the values of its dimensions. The columns follow from the charts alone,
 * so that all files of an entity have the same.
 *
 * @throws Problem 409 `account_number_missing` where the form needs a number; `dimension_not_supported` where the system
 * has no place for a dimension of an entity
 * @example quickbooks: { JournalNo: '7', JournalDate: '01/31/2026', AccountName: 'Sales', Debits: '', Credits: '9.50', … }
 */
export function journalFile(
  format: ExportFormat,
  entries: readonly NumberedEntry[],
  { charts, customerFields, customerNames, taxRate }: ExportBooks,
): JournalFile {
  const namesOf = new Map([...charts].map(([ref, chart]) => [ref, dimensionNames([...chart.values()])]))
  for (const [ref, names] of namesOf) refuseDimensions(format, ref, names)
  const form = Object.entries(EXPORT_FORMS[format])
  const allNames = [...new Set([...namesOf.values()].flat())].sort()
  const columns = [...form.map(([column]) => column), ...dimensionColumns(format, allNames)]
  const blank = Object.fromEntries(columns.map((column) => [column, '']))
  const rowsOf = (entry: NumberedEntry): Row[] => {
    const chart = charts.get(entry.entityRef) ?? DEFAULT_CHART
    const names = namesOf.get(entry.entityRef) ?? []
    return entry.postings.map((posting) => {
      const account = accountIn(chart, posting.account)
      const values = dimensionsOf(account.dimensions, posting, customerFields)
      const customerName =
        posting.customerRef && (customerNames.get(posting.customerRef) ?? posting.customerRef)
      const line = { entry, posting, account, customerName, taxRate }
      return {
        ...blank,
        ...Object.fromEntries(form.map(([column, cell]) => [column, cell(line)])),
        ...dimensionCells(format, names, values),
      }
    })
  }
  return { columns, rows: entries.flatMap(rowsOf) }
}
