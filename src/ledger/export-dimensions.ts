import { conflict } from '../kernel/problem.ts'
import type { DimensionValues } from './dimension.ts'
import { EXPORT_FORMS, type ExportFormat } from './export-form.ts'

/** How a system takes dimensions: what is wrong with the names of an entity, the columns for names, and a line's cells. */
type DimensionForm = {
  refusal: (names: readonly string[]) => string | undefined
  columns: (names: readonly string[]) => string[]
  cells: (names: readonly string[], values: DimensionValues) => Record<string, string>
}

/** A column of its own for each dimension, by its name. */
const byName = (columnOf: (name: string) => string): Omit<DimensionForm, 'refusal'> => ({
  columns: (names) => names.map(columnOf),
  cells: (names, values) => Object.fromEntries(names.map((name) => [columnOf(name), values.get(name) ?? ''])),
})

export const dimensionColumn = (name: string): string => `dimension:${name}`

const QUICKBOOKS_NAMES = ['Class', 'Location']
const XERO_CATEGORIES_MAX = 2

const FORMS: Record<ExportFormat, DimensionForm> = {
  generic: { ...byName(dimensionColumn), refusal: () => undefined },
  quickbooks: {
    ...byName((name) => name),
    refusal(names) {
      const other = names.find((name) => !QUICKBOOKS_NAMES.includes(name))
      return other && `QuickBooks Online has "Class" and "Location" and takes no "${other}"`
    },
  },
  /** Any other name than Department, Class and Location is that of a custom segment. */
  netsuite: {
    ...byName((name) => name),
    refusal(names) {
      const taken = names.find((name) => Object.hasOwn(EXPORT_FORMS.netsuite, name))
      return taken && `"${taken}" is a column that the file for NetSuite has for something else`
    },
  },
  xero: {
    refusal: (names) =>
      names.length > XERO_CATEGORIES_MAX
        ? `Xero has two tracking categories, and these are ${names.length}: ${names.join(', ')}`
        : undefined,
    columns: (names) =>
      names.length === 0 ? [] : ['TrackingName1', 'TrackingOption1', 'TrackingName2', 'TrackingOption2'],
    // A line without an option has to leave out the category, too.
    cells: (names, values) =>
      Object.fromEntries(
        names.flatMap((name, place) => [
          [`TrackingName${place + 1}`, values.has(name) ? name : ''],
          [`TrackingOption${place + 1}`, values.get(name) ?? ''],
        ]),
      ),
  },
}

/** The columns that stand behind those of a form, for these names of dimensions. */
export const dimensionColumns = (format: ExportFormat, names: readonly string[]): string[] =>
  FORMS[format].columns(names)

/** The cells of a line; `names` are all those of its entity, so that each has its place. */
export const dimensionCells = (
  format: ExportFormat,
  names: readonly string[],
  values: DimensionValues,
): Record<string, string> => FORMS[format].cells(names, values)

/** Throws `dimension_not_supported` where a system cannot take the dimensions of an entity. */
export function refuseDimensions(format: ExportFormat, entityRef: string, names: readonly string[]): void {
  const refusal = FORMS[format].refusal(names)
  if (refusal === undefined) return
  throw conflict(
    'dimension_not_supported',
    `${refusal}. Change the dimensions of "${entityRef}" with POST /api/ledger/accounts, or take the format "generic".`,
  )
}
