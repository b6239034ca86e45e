import type { z } from '@hono/zod-openapi'
import { type Parts, readPartly } from '../http/partly.http.ts'
import type { Partly } from '../kernel/partly.ts'
import type { Fault } from '../kernel/problem.ts'
import type { ImportRow } from './import-report.ts'

/** Cells of a row are turned in at most so many passes: a list that a cell brings may have fields of its own. */
const PASSES_MAX = 3
const MESSAGE_LENGTH_MAX = 300

/** A row as far as it could be read. */
export type ReadRow<T> = Partly<T> & { content: Record<string, unknown> }

/**
 * Reads a row by the schema of the call that makes one such thing, so that the same content is taken and the same
 * refused. Where the schema wants something else than text, the cell of a CSV file is read as JSON: `30`, `true`,
 * `["wire"]`.
 */
export function readRow<T extends z.ZodObject>(schema: T, parts: Parts, row: ImportRow): ReadRow<z.infer<T>> {
  if (row.faults.length > 0 || !isRecord(row.content)) {
    const faults = row.faults.length > 0 ? row.faults : [{ path: '', message: 'must be an object' }]
    return { ...readPartly(schema, parts, undefined), faults, content: {} }
  }
  const content = row.isText ? cellsTurned(schema, row.content) : row.content
  const unknown = unknownFields(schema, content)
  const read = readPartly(schema, parts, content)
  return { ...read, content, faults: [...unknown, ...read.faults.filter(isOfField).map(shortened)] }
}

/** What a schema says of a row as a whole are the fields that it does not know, and these are told one by one. */
const isOfField = ({ path }: Fault): boolean => path !== ''

const shortened = ({ path, message }: Fault): Fault => ({
  path,
  message: message.slice(0, MESSAGE_LENGTH_MAX),
})

/** A misspelt column would otherwise be lost without a word. */
const unknownFields = (schema: z.ZodObject, content: object): Fault[] =>
  Object.keys(content)
    .filter((field) => !Object.hasOwn(schema.shape, field))
    .map((path) => ({ path: path.slice(0, MESSAGE_LENGTH_MAX), message: 'is no field of this kind' }))

function cellsTurned(schema: z.ZodObject, cells: Record<string, unknown>): Record<string, unknown> {
  let content = cells
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const { error } = schema.safeParse(content)
    const turned = error && turnCells(content, error)
    if (!turned) return content
    content = turned
  }
  return content
}

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
