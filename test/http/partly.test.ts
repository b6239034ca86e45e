import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { changeBody } from '../../src/contracts/changes/change-preview.http.ts'
import { amendmentBody, contractBody } from '../../src/contracts/contract.http.ts'
import { periodsBody } from '../../src/contracts/preview.http.ts'
import { changeParts, periodsParts } from '../../src/contracts/preview-parts.http.ts'
import { amendmentParts, contractParts } from '../../src/contracts/terms/contract-parts.http.ts'
import { type Parts, readPartly } from '../../src/http/partly.http.ts'

const item = z.strictObject({ name: z.string(), size: z.int().default(1), tag: z.string().optional() })
const schema = z
  .strictObject({ ref: z.string(), from: z.int().optional(), to: z.int().optional(), items: z.array(item) })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be after from',
  })
const ANY = { ref: '-', items: [] }
const parts: Parts = {
  open: ['items.*'],
  standIns: { '': ANY, ...ANY, 'items.*': { name: '-' }, 'items.*.name': '-' },
}

const read = (sent: unknown) => {
  const { value, faults, isRead } = readPartly(schema, parts, sent)
  const asked = ['ref', 'from', 'to', 'items', 'items.0', 'items.0.size', 'items.0.tag', 'items.1.name']
  return { value, told: faults.map(({ path }) => path), unread: asked.filter((path) => !isRead(path)) }
}

describe('a body as far as it can be read', () => {
  it.each([
    {
      name: 'is read whole where nothing is wrong',
      sent: { ref: 'a', items: [{ name: 'x' }] },
      told: [],
      unread: [],
      value: { ref: 'a', items: [{ name: 'x', size: 1 }] },
    },
    {
      name: 'has a stand-in for what is wrong, and keeps the places of a list',
      sent: { ref: 'a', items: [7, { name: 'y', size: 'big' }] },
      told: ['items.0', 'items.1.size'],
      unread: ['items', 'items.0', 'items.0.size', 'items.0.tag'],
      value: {
        ref: 'a',
        items: [
          { name: '-', size: 1 },
          { name: 'y', size: 1 },
        ],
      },
    },
    {
      name: 'is checked across fields although another is wrong',
      sent: { ref: 5, from: 3, to: 2, items: [] },
      told: ['ref', 'to'],
      unread: ['ref', 'to'],
      value: { ref: '-', from: 3, items: [] },
    },
    {
      name: 'has not the fields that a key which is not known might mean',
      sent: { ref: 'a', form: 1, to: 2, items: [{ name: 'x', tga: 'red' }] },
      told: ['items.0', ''],
      unread: ['from', 'items', 'items.0', 'items.0.size', 'items.0.tag'],
      value: { ref: 'a', to: 2, items: [{ name: 'x', size: 1 }] },
    },
    {
      name: 'is nothing but stand-ins where it is no object',
      sent: 'a',
      told: [''],
      unread: ['ref', 'from', 'to', 'items', 'items.0', 'items.0.size', 'items.0.tag', 'items.1.name'],
      value: ANY,
    },
  ])('$name', ({ sent, told, unread, value }) => {
    expect(read(sent)).toEqual({ told, unread, value })
  })

  it.each<[string, z.ZodType, Parts]>([
    ['contracts', contractBody, contractParts],
    ['amendments', amendmentBody, amendmentParts],
    ['periods', periodsBody, periodsParts],
    ['changes', changeBody, changeParts],
  ])('has stand-ins of the right form for %s', (_, body, of) => {
    const garbled = { garbled: true }
    const fields = [...Object.keys((body as z.ZodObject).shape), 'unheard_of']
    for (const sent of [undefined, ...fields.map((field) => ({ [field]: garbled }))]) {
      const { faults, isRead } = readPartly(body, of, sent)
      expect(faults).not.toEqual([])
      expect(fields.every(isRead)).toBe(false)
    }
    const all = Object.fromEntries(fields.map((field) => [field, garbled]))
    expect(readPartly(body, of, { ...all, products: [garbled, 7] }).faults).not.toEqual([])
  })
})

describe('a field of several forms', () => {
  const model = { type: 'flat', amount: '1' }
  const body = { customer_ref: 'a', start_date: '2026-01-01', products: [{ product_ref: 's', model }] }
  const decimal = 'must be a decimal number of at most 60 characters'

  it.each([
    {
      name: 'by the form that was meant, in each of its places',
      tax: [{ rate_percent: 'x' }, { rate_percent: '5', names: 'VAT' }],
      told: [
        { path: 'tax.0.rate_percent', message: decimal },
        { path: 'tax.1', message: 'Unrecognized key: "names"' },
      ],
    },
    { name: 'as a text', tax: 'x', told: [{ path: 'tax', message: decimal }] },
    {
      name: 'as a whole where it has none of them',
      tax: { a: 1 },
      told: [{ path: 'tax', message: 'Invalid input' }],
    },
  ])('is told of $name', ({ tax, told }) => {
    expect(readPartly(contractBody, contractParts, { ...body, tax }).faults).toEqual(told)
  })
})

it('does not hold a cycle without a length against another', () => {
  const own = { billing_cycle: { unit: 'YEARLY', cycle: 0 } }
  const body = { start_date: '2026-01-01', billing_cycle: { unit: 'MONTHLY' }, product: own }
  const { faults } = readPartly(periodsBody, periodsParts, body)
  expect(faults.map(({ path }) => path)).toEqual(['product.billing_cycle.cycle'])
})
