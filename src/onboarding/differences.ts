import { canonicalJson } from '../kernel/hash.ts'
import type { Fault } from '../kernel/problem.ts'

type Shown = Readonly<Record<string, unknown>>

/** Longest text of a value in a message. */
const VALUE_LENGTH_MAX = 120

/** What a row is without: the server sets these. */
const SET_BY_US = new Set(['created_at', 'origin'])

/**
 * The fields in which a row differs from what is there, each with both values; fields that are missing, null or empty
 * are the same.
 *
 * @example differences({ name: 'Acme' }, { name: 'Acme Ltd' }) // [{ path: 'name', message: 'is "Acme" here, …' }]
 */
export const differences = (there: Shown, sent: Shown): Fault[] =>
  [...new Set([...Object.keys(there), ...Object.keys(sent)])]
    .filter((field) => !SET_BY_US.has(field) && !isSame(there[field], sent[field]))
    .map((path) => ({ path, message: `is ${text(there[path])} here, and ${text(sent[path])} in the row` }))

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null)

function text(value: unknown): string {
  const written = value === undefined || value === null ? 'nothing' : JSON.stringify(value)
  return written.length <= VALUE_LENGTH_MAX ? written : `${written.slice(0, VALUE_LENGTH_MAX)}…`
}
