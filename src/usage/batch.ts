import { Problem } from '../kernel/problem.ts'

/** An item of a batch: a JSON value, or the line that is none. */
export type BatchItem = { value: unknown } | { malformed: string }

/**
 * Reads a batch: one JSON array, or lines of JSON (NDJSON; empty lines do not count). A line that is no JSON is the
 * fault of that line alone. Throws a Problem when there is no telling where one item ends, or there are too many.
 */
export function readBatch(text: string, form: 'json' | 'ndjson', itemsMax: number): BatchItem[] {
  const items = form === 'json' ? readArray(text) : readLines(text)
  if (items.length > itemsMax) {
    throw new Problem(413, 'too_many_events', `One call takes up to ${itemsMax} events, not ${items.length}.`)
  }
  return items
}

/** The JSON value of a body. Throws a Problem where it is none. */
export function parsedBody(text: string): unknown {
  const body = readJson(text)
  if ('malformed' in body) throw new Problem(400, 'malformed_body', `The body is no JSON: ${body.malformed}`)
  return body.value
}

function readArray(text: string): BatchItem[] {
  const array = parsedBody(text)
  if (!Array.isArray(array))
    throw new Problem(422, 'invalid_request', 'The body must be a JSON array of events.')
  return array.map((value) => ({ value }))
}

const readLines = (text: string): BatchItem[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readJson)

function readJson(text: string): BatchItem {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { malformed: error instanceof Error ? error.message : String(error) }
  }
}
