import type { z } from '@hono/zod-openapi'
import type { Fault } from '../kernel/problem.ts'
import type { ImportRow } from './import-report.ts'

/** Cells of a row are turned in at most so many passes: a list that a cell brings may have fields of its own. */
const PASSES_MAX = 3
const MESSAGE_LENGTH_MAX = 300

export type ReadRow<T> = { body: T; content: Record<string, unknown> } | { faults: Fault[] }

/**
 * Reads a row by the schema of the call that makes one such thing, so that the same content is taken and the same
 * refused. Where the schema wants something else than text, the cell of a CSV file is read as JSON: `30`, `true`,
 * `["wire"]`.
 */
export function readRow<T extends z.ZodObject>(schema: T, row: ImportRow): ReadRow<z.infer<T>> {
  if (row.faults.length > 0) return { faults: [...row.faults] }
  if (!isRecord(row.content)) return { faults: [{ path: '', message: 'must be an object' }] }
  let content = row.content
  for (let pass = 0; ; pass++) {
    const read = schema.safeParse(content)
    const unknown = unknownFields(schema, content)
    if (read.success && unknown.length === 0) return { body: read.data, content }
    const turned = row.isText && read.error && pass < PASSES_MAX ? turnCells(content, read.error) : undefined
    if (!turned) return { faults: [...unknown, ...faultsOf(read.error)] }
    content = turned
  }
}

/** A misspelt column would otherwise be lost without a word. */
const unknownFields = (schema: z.ZodObject, content: object): Fault[] =>
  Object.keys(content)
    .filter((field) => !Object.hasOwn(schema.shape, field))
    .map((path) => ({ path: path.slice(0, MESSAGE_LENGTH_MAX), message: 'is no field of this kind' }))

const faultsOf = (error: z.ZodError | undefined): Fault[] =>
  (error?.issues ?? [])
    // These are told field by field.
    .filter(({ code, path }) => code !== 'unrecognized_keys' || path.length > 0)
    .map(({ path, message }) => ({ path: path.join('.'), message: message.slice(0, MESSAGE_LENGTH_MAX) }))

/** The content with the cells that are of the wrong type read as JSON; undefined where there are none. */
function turnCells(content: Record<string, unknown>, { issues }: z.ZodError) {
  const turned = structuredClone(content)
  const changed = issues
    .filter(({ code }) => code === 'invalid_type')
    .map(({ path }) => turnCell(turned, path))
  return changed.includes(true) ? turned : undefined
}

function turnCell(content: Record<string, unknown>, path: readonly PropertyKey[]): boolean {
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (isHolder(at) ? at[key] : undefined), content)
  const key = path.at(-1)
  if (!isHolder(holder) || key === undefined) return false
  const value = jsonOf(holder[key])
  if (value === undefined) return false
  holder[key] = value
  return true
}

/** What a cell says in JSON; undefined for what is no cell, or says nothing but a text. */
function jsonOf(cell: unknown): unknown {
  if (typeof cell !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(/^(true|false)$/i.test(cell) ? cell.toLowerCase() : cell)
    return typeof value === 'string' ? undefined : value
  } catch {
    return undefined
  }
}

const isHolder = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null

const isRecord = (value: unknown): value is Record<string, unknown> =>
  isHolder(value) && !Array.isArray(value)
