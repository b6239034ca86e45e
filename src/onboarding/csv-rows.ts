import Papa from 'papaparse'
import { invalid } from '../kernel/problem.ts'
import type { ImportRow } from './import-report.ts'

/** The first line names the fields; one row more than may be sent tells of a file that is too long. */
const LINES_BESIDE = 2
const COLUMNS_MAX = 500
const INDEX = /^\d{1,3}$/

/**
 * Reads the rows of a CSV file. The first line has the names of fields; a dot leads into a nested one, and a number is
 * a place in a list: `billing_cycle.unit`, `products.0.product_ref`. An empty cell is a field that is not sent. The
 * separator is found by itself.
 *
 * @throws Problem 422 `unreadable_csv`, where no row can be told from the next
 */
export function readCsvRows(text: string, rowsMax: number): ImportRow[] {
  const preview = rowsMax + LINES_BESIDE
  const { data, errors } = Papa.parse<string[]>(text, { preview, skipEmptyLines: 'greedy' })
  const [header = [], ...rows] = data
  const fault = errors.find(({ type }) => type === 'Quotes')
  if (fault) throw unreadable(`Row ${fault.row ?? 0} has a fault in its quotation marks: ${fault.message}.`)
  const paths = readHeader(header)
  return rows.map((cells, place) => readCells(paths, cells, place + 1))
}

function readHeader(header: readonly string[]): string[][] {
  const names = header.map((name) => name.trim())
  if (names.length === 0) throw unreadable('The first line names no fields.')
  if (names.length > COLUMNS_MAX) throw unreadable(`The first line names more than ${COLUMNS_MAX} fields.`)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw unreadable(`The first line names "${twice}" twice.`)
  const paths = names.map((name) => name.split('.'))
  const wrong = paths.find((path) => path.some((key) => key === '' || key === '__proto__'))
  if (wrong) throw unreadable(`"${wrong.join('.')}" in the first line is no name of a field.`)
  return paths
}

function readCells(paths: readonly string[][], cells: readonly string[], row: number): ImportRow {
  if (cells.length === paths.length) return { row, content: nested(paths, cells), isText: true, faults: [] }
  const message = `has ${cells.length} cells, but the first line names ${paths.length} fields`
  return { row, content: {}, isText: true, faults: [{ path: '', message }] }
}

type Branch = Map<string, Branch | string>

function nested(paths: readonly string[][], cells: readonly string[]): unknown {
  const root: Branch = new Map()
  for (const [column, path] of paths.entries()) {
    const cell = cells[column]?.trim() ?? ''
    if (cell !== '') branchTo(root, path.slice(0, -1)).set(path.at(-1)!, cell)
  }
  return unfolded(root)
}

function branchTo(root: Branch, path: readonly string[]): Branch {
  return path.reduce((branch, key) => {
    const there = branch.get(key)
    if (there instanceof Map) return there
    const below: Branch = new Map()
    branch.set(key, below)
    return below
  }, root)
}

/** A branch whose keys are all numbers is a list; places that are left out close up. */
function unfolded(branch: Branch): unknown {
  const entries = [...branch].map(
    ([key, value]) => [key, typeof value === 'string' ? value : unfolded(value)] as const,
  )
  if (branch.size === 0 || !entries.every(([key]) => INDEX.test(key))) return Object.fromEntries(entries)
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
}

const unreadable = (detail: string) => invalid('unreadable_csv', detail)
