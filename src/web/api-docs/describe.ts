import type { Words } from './words.ts'

/** As much of a JSON Schema as an OpenAPI 3.1 document says of a field. */
export type Schema = {
  $ref?: string
  description?: string
  enum?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: boolean | Schema
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
}

export type Parameter = { name: string; in: string; description?: string; schema?: Schema }

const INNER = ['oneOf', 'anyOf', 'allOf'] as const

/**
 * The schema with a description for each field that says nothing of itself. `path` is the names that lead to it: first
 * the component or the call, then fields; lists and the keys of records are no step of it.
 *
 * @example describedSchema(body, ['POST /api/keys'], { 'keys.name': 'Shown in lists.' })
 */
export function describedSchema(schema: Schema, path: readonly string[], words: Words): Schema {
  const inside = (part: Schema) => describedSchema(part, path, words)
  const { properties, items, additionalProperties: others } = schema
  return {
    ...schema,
    ...(properties && { properties: describedFields(properties, path, words) }),
    ...(items && { items: inside(items) }),
    ...(typeof others === 'object' && { additionalProperties: inside(others) }),
    ...Object.fromEntries(
      INNER.flatMap((key) => (schema[key] ? [[key, schema[key].map(inside)] as const] : [])),
    ),
  }
}

const describedFields = (fields: Record<string, Schema>, path: readonly string[], words: Words) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const way = [...path, name]
      return [name, withWords(describedSchema(field, way, words), wordsFor(way, field, words))]
    }),
  )

export const describedParameter = (parameter: Parameter, call: string, words: Words): Parameter =>
  parameter.schema?.description
    ? parameter
    : withWords(parameter, wordsFor([call, parameter.in, parameter.name], {}, words))

const withWords = <T extends { description?: string }>(described: T, words: string | undefined): T =>
  words === undefined || described.description ? described : { ...described, description: words }

/**
 * The words of the most exact name: `NewEntity.bank_accounts.id` before `bank_accounts.id` before `id`. A field that can
 * have one value only, as the type of a price, is looked for with it first: `PriceModel.type=unit`.
 */
function wordsFor(path: readonly string[], { enum: values }: Schema, words: Words): string | undefined {
  const names = path.map((_, start) => path.slice(start).join('.'))
  const only = values?.length === 1 ? names.map((name) => `${name}=${values[0]}`) : []
  const known = [...only, ...names].find((name) => Object.hasOwn(words, name))
  return known === undefined ? undefined : words[known]
}
