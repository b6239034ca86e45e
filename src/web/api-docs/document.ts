import type { Scope } from '../../access/principal.ts'
import { describedParameter, describedSchema, type Parameter, type Schema } from './describe.ts'
import type { Examples } from './examples.ts'
import { type Answers, problemsOf } from './problems.ts'
import type { Words } from './words.ts'

type Media = { schema?: Schema; example?: unknown }

export type Operation = {
  description?: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses?: Answers
}

/** As much of an OpenAPI 3.1 document as is completed here. */
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** What the schemas of routes leave unsaid; examples and scopes by call, as `POST /api/keys`. */
type Unsaid = { words: Words; examples: Examples; scopes: ReadonlyMap<string, Scope> }

/**
 * The document that was made from the routes, with what their schemas leave unsaid: words for fields, an example for each
 * body, the scope that a call asks of its key, and the problems that it may answer with.
 */
export function completeDocument<T extends Document>(made: T, unsaid: Unsaid): T {
  const { schemas } = made.components
  const sent = sentSchemas(made)
  const described = (schema: Schema, name: string) =>
    sent.has(name) ? describedSchema(schema, [name], unsaid.words) : schema
  return {
    ...made,
    components: { ...made.components, schemas: mapValues(schemas, described) },
    paths: mapValues(made.paths, (operations, path) =>
      mapValues(operations, (operation, method) =>
        completeOperation(operation, `${method.toUpperCase()} ${path}`, unsaid),
      ),
    ),
  }
}

function completeOperation(made: Operation, call: string, { words, examples, scopes }: Unsaid): Operation {
  const { description, parameters, requestBody, responses } = made
  const scope = scopes.get(call)
  return {
    ...made,
    ...(scope && {
      description: [description, `Takes a key with the scope \`${scope}\`.`].filter(Boolean).join('\n\n'),
      security: [{ bearer: [scope] }],
    }),
    ...(parameters && { parameters: parameters.map((one) => describedParameter(one, call, words)) }),
    ...(requestBody && {
      requestBody: {
        ...requestBody,
        content: mapValues(requestBody.content, (media, type) => ({
          ...media,
          ...(media.schema && { schema: describedSchema(media.schema, [call], words) }),
          ...(type === 'application/json' && call in examples && { example: examples[call] }),
        })),
      },
    }),
    responses: { ...problemsOf(made, scope), ...responses },
  }
}

/** The names of the schemas that bodies of calls consist of. Answers have words of their own. */
function sentSchemas({ paths, components }: Document): ReadonlySet<string> {
  const names = new Set<string>()
  const look = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (names.has(name)) continue
      names.add(name)
      look(components.schemas[name])
    }
  }
  for (const operation of Object.values(paths).flatMap(Object.values)) look(operation.requestBody)
  return names
}

const mapValues = <T, U>(
  record: Record<string, T>,
  change: (value: T, key: string) => U,
): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
