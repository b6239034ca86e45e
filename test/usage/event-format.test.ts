import { describe, expect, it } from 'vitest'
import { dividesExactly, type FormatField, formattedEvent } from '../../src/usage/event-format.ts'

/** What a format makes of the field `x` of an event. */
const made = (field: FormatField, incoming: Record<string, unknown>): unknown =>
  formattedEvent('f', { quantity: field }, incoming).quantity

describe('a field', () => {
  it.each<[string, FormatField, unknown, unknown]>([
    ['is taken as it is', { path: 'x' }, { x: '1.50' }, '1.50'],
    ['is found in depth', { path: 'a.0.b' }, { a: [{ b: 7 }] }, 7],
    ['has a default for nothing', { path: 'x', default: 1 }, {}, 1],
    ['has a default for null', { path: 'x', default: 1 }, { x: null }, 1],
    ['is nothing of what every object has', { path: 'constructor' }, {}, undefined],
    ['is the same for all', { value: 'units' }, { x: 1 }, 'units'],
    // 0.1 + 0.2 is not 0.3 in floats, and 0.1 x 3 neither.
    ['is multiplied exactly', { path: 'x', multiply_by: '3' }, { x: 0.1 }, '0.3'],
    ['is divided exactly', { path: 'x', divide_by: '1024' }, { x: 1 }, '0.0009765625'],
    ['is scaled both ways', { path: 'x', multiply_by: '8', divide_by: '1000' }, { x: '125' }, '1'],
    ['has another name', { path: 'x', names: { 's-1': 'units' } }, { x: 's-1' }, 'units'],
    ['keeps a name that has no other', { path: 'x', names: { 's-1': 'units' } }, { x: 's-2' }, 's-2'],
    ['counts seconds', { path: 'x', unit: 'epoch_seconds' }, { x: 1707123747 }, '2024-02-05T09:02:27.000Z'],
    [
      'counts millis',
      { path: 'x', unit: 'epoch_millis' },
      { x: '1707123747279' },
      '2024-02-05T09:02:27.279Z',
    ],
    [
      'keeps what is finer than millis',
      { path: 'x', unit: 'epoch_seconds' },
      { x: '1707123747.2791234' },
      '2024-02-05T09:02:27.2791234Z',
    ],
  ])('%s', (_, field, incoming, expected) => {
    expect(made(field, incoming as Record<string, unknown>)).toBe(expected)
  })

  it.each<[string, FormatField, unknown]>([
    ['no number', { path: 'x', multiply_by: '2' }, 'many'],
    ['a number of no end', { path: 'x', multiply_by: '2' }, Number.POSITIVE_INFINITY],
    ['more digits than a quantity has', { path: 'x', divide_by: '2' }, '1e-30'],
    ['a time before 1970', { path: 'x', unit: 'epoch_seconds' }, -1],
    ['a time that no calendar has', { path: 'x', unit: 'epoch_seconds' }, '1e14'],
    ['an object for a time', { path: 'x', unit: 'epoch_millis' }, {}],
  ])('that holds %s is named', (_, field, x) => {
    expect(() => made(field, { x })).toThrowError(
      expect.objectContaining({
        code: 'format_mismatch',
        faults: [expect.objectContaining({ path: 'event.x' })],
      }),
    )
  })
})

it('puts report data together, by names with points too', () => {
  const fields = {
    additional_report_data: { path: 'labels' },
    'additional_report_data.k8s.io/zone': { path: 'zone' },
  }
  const { additional_report_data } = formattedEvent('f', fields, { labels: { a: 1 }, zone: 'eu' })
  expect(additional_report_data).toEqual({ a: 1, 'k8s.io/zone': 'eu' })
})

it.each([
  ['1000', true],
  ['1024', true],
  ['0.5', true],
  ['3', false],
  ['3600', false],
  ['0', false],
  // 1 / 2^31 has 31 digits.
  ['2147483648', false],
])('dividing by %s is exact: %s', (divisor, isExact) => {
  expect(dividesExactly(divisor)).toBe(isExact)
})

it('an event that is nested without end is refused, not looked through', () => {
  const incoming = JSON.parse(`{"x":${'['.repeat(60_000)}1${']'.repeat(60_000)}}`)
  expect(() => formattedEvent('f', {}, incoming)).toThrow(/nested up to 16 deep/)
})
