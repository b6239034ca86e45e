/** The values of a failed statement, which the database client adds to its message. */
const PARAMETERS = /\nparams: [\s\S]*$/

/**
 * What a log may keep of an error. A failed statement is told without its values, which can be names, addresses and
 * hashes of secrets, and with the database's own words instead.
 */
export function errorText(error: unknown): { message: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error) }
  const statement = error.message.replace(PARAMETERS, '')
  if (statement === error.message) return { message: error.message, stack: error.stack }
  const reason = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  const message = statement + reason
  // A function, so that nothing in the text is read as a pattern of the replacement.
  return { message, stack: error.stack?.replace(error.message, () => message) }
}
