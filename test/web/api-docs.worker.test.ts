import { beforeAll, describe, expect, it } from 'vitest'
import type { Schema } from '../../src/web/api-docs/describe.ts'
import type { Document, Operation } from '../../src/web/api-docs/document.ts'
import { EXAMPLES } from '../../src/web/api-docs/examples.ts'
import { WORDS } from '../../src/web/api-docs/words.ts'
import { api } from '../support/worker.ts'

let document: Document
let calls: { call: string; operation: Operation & { summary?: string } }[] = []

beforeAll(async () => {
  document = (await api('GET', '/openapi.json', { key: null })).json
  calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      call: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
})

const nameOf = ({ $ref = '' }: Schema) => $ref.split('/').at(-1)!

/** Every field of a schema, once for each component that it stands in. */
function fieldsOf(schema: Schema, path: string, seen = new Set<string>()): [string, Schema][] {
  if (schema.$ref) {
    const name = nameOf(schema)
    if (seen.has(name)) return []
    return fieldsOf(document.components.schemas[name]!, name, seen.add(name))
  }
  const { properties = {}, items, additionalProperties: others, oneOf = [], anyOf = [], allOf = [] } = schema
  const parts = [items, typeof others === 'object' ? others : undefined, ...oneOf, ...anyOf, ...allOf]
  return [
    ...Object.entries(properties).flatMap(([name, field]): [string, Schema][] => [
      [`${path}.${name}`, field],
      ...fieldsOf(field, `${path}.${name}`, seen),
    ]),
    ...parts.flatMap((part) => (part ? fieldsOf(part, path, seen) : [])),
  ]
}

const isTold = (field: Schema): boolean =>
  Boolean(field.description ?? (field.$ref && document.components.schemas[nameOf(field)]?.description))

describe('the OpenAPI document', () => {
  it('says of every field that is sent what it means', () => {
    const untold = calls.flatMap(({ call, operation }) => [
      ...(operation.parameters ?? [])
        .filter(({ description, schema }) => !description && !schema?.description)
        .map(({ in: place, name }) => `${call} ${place} ${name}`),
      ...Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema = {} }) =>
        fieldsOf(schema, call)
          .filter(([, field]) => !isTold(field))
          .map(([path]) => path),
      ),
    ])
    expect(calls.length).toBeGreaterThan(100)
    expect(untold).toEqual([])
  })

  it('has no words that nothing is told by', () => {
    const text = JSON.stringify(document)
    expect(Object.entries(WORDS).filter(([, words]) => !text.includes(JSON.stringify(words)))).toEqual([])
  })

  it('has a summary and the problems of every call', () => {
    for (const { call, operation } of calls) {
      expect([call, operation.summary]).toEqual([call, expect.stringMatching(/^[A-Z].{8,}/)])
      expect([call, Object.keys(operation.responses ?? {})]).toEqual([call, expect.arrayContaining(['429'])])
    }
  })

  it('tells the scope that a call asks of its key', async () => {
    const keyWith = async (scope: string) =>
      (await api('POST', '/api/keys', { body: { name: `Only ${scope}`, scopes: [scope] } })).json.secret
    const [ingest, read] = [await keyWith('ingest'), await keyWith('read')]
    const open: string[] = []
    for (const { call, operation } of calls) {
      const [, scope] = /scope `(\w+)`/.exec(operation.description ?? '') ?? []
      if (!scope) open.push(call)
      else {
        const [method, path] = call.split(' ') as [string, string]
        const key = scope === 'ingest' ? read : ingest
        const { status, json } = await api(method, path, { key })
        expect([call, status, json.detail]).toEqual([call, 403, expect.stringContaining(`"${scope}"`)])
      }
    }
    // Stripe has no key; it signs what it sends.
    expect(open).toEqual(['POST /webhooks/stripe'])
  })

  it('has an example for every JSON body, and no other', () => {
    const withBody = calls.filter(({ operation }) => operation.requestBody?.content['application/json'])
    expect(withBody.map(({ call }) => call).sort()).toEqual(Object.keys(EXAMPLES).sort())
  })
})

/** What the examples made, by the names of path parameters. */
const MADE: Record<string, string> = {
  entity_ref: 'acme-inc',
  customer_ref: 'globex',
  product_ref: 'api-calls',
  contract_ref: 'globex-2026',
  credit_ref: 'welcome-globex',
  format_name: 'gateway',
  webhook_ref: 'erp',
  month: '2025-12',
}
/** The contract whose revenue follows deliveries. */
const madeFor = (call: string) => (call.endsWith('/facts') ? { ...MADE, contract_ref: 'globex-setup' } : MADE)
const isMade = (call: string) => [...call.matchAll(/\{(\w+)\}/g)].every(([, name]) => name! in MADE)

it('takes its examples one after the other', async () => {
  await api('POST', '/api/sandbox/clock', { body: { advance_to: '2026-11-23T00:00:00Z' } })
  for (const [call, body] of Object.entries(EXAMPLES)) {
    const [method, path] = call.split(' ') as [string, string]
    const { status, text } = await api(
      method,
      path.replace(/\{(\w+)\}/g, (_, name) => madeFor(call)[name] ?? 'unknown'),
      { body },
    )
    expect([call, status, text]).toEqual([call, isMade(call) ? expect.toSatisfy((s) => s < 300) : 404, text])
  }
})
