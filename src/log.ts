import { errorText } from './kernel/error-text.ts'

/** What a line is about: ids, names of jobs, counts. */
type Fields = Record<string, string | number | undefined>

/** A line of the log is one JSON object, so that it can be searched by its fields. */
export const logInfo = (fields: Fields): void => console.log(JSON.stringify({ level: 'info', ...fields }))

/** A failure that was caught: what it was about, and what may be kept of the error. */
export const logError = (error: unknown, fields: Fields): void =>
  console.error(JSON.stringify({ level: 'error', ...fields, ...errorText(error) }))
