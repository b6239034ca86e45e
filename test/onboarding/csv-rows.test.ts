import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/kernel/problem.ts'
import { readCsvRows } from '../../src/onboarding/csv-rows.ts'

const contents = (text: string) => readCsvRows(text, 10).map(({ content }) => content)

function codeOf(text: string): string | undefined {
  try {
    readCsvRows(text, 10)
  } catch (error) {
    return error instanceof Problem ? error.code : 'thrown'
  }
  return undefined
}

describe('the rows of a CSV file', () => {
  it.each([
    { name: 'cells as text', text: 'a,b\n1,true', is: [{ a: '1', b: 'true' }] },
    { name: 'no field for an empty cell', text: 'a,b\n,2', is: [{ b: '2' }] },
    {
      name: 'any separator, line end and mark of the encoding',
      text: '\uFEFFa;b\r\n1;2\r\n',
      is: [{ a: '1', b: '2' }],
    },
    { name: 'a quoted line break', text: 'a,b\n"x\ny",2', is: [{ a: 'x\ny', b: '2' }] },
    { name: 'nested fields', text: 'a.b.c,a.d\n1,2', is: [{ a: { b: { c: '1' }, d: '2' } }] },
    { name: 'lists', text: 'p.0.x,p.1.x\n1,2', is: [{ p: [{ x: '1' }, { x: '2' }] }] },
    { name: 'lists without the places that are empty', text: 'p.0.x,p.1.x\n,2', is: [{ p: [{ x: '2' }] }] },
    { name: 'a list by number, not by text', text: `p.10,p.9\nb,a`, is: [{ p: ['a', 'b'] }] },
    { name: 'lines of blanks as none', text: 'a\n1\n\n  \n2', is: [{ a: '1' }, { a: '2' }] },
    { name: 'a value over a branch of the same name', text: 'a,a.b\n1,2', is: [{ a: { b: '2' } }] },
  ])('has $name', ({ text, is }) => {
    expect(contents(text)).toEqual(is)
  })

  it('tells a row with too many or too few cells by itself', () => {
    const rows = readCsvRows('a,b\n1\n1,2\n1,2,3', 10)
    expect(rows.map(({ faults }) => faults.length)).toEqual([1, 0, 1])
    expect(rows[0]?.faults[0]?.message).toBe('has 1 cells, but the first line names 2 fields')
  })

  it('reads one row more than may be sent, so that a file that is too long is noticed', () => {
    expect(readCsvRows(`a\n${'1\n'.repeat(30)}`, 10)).toHaveLength(11)
  })

  it.each([
    { name: 'nothing', text: '' },
    { name: 'a field that is named twice', text: 'a,a\n1,2' },
    { name: 'a field without a name', text: 'a,,b\n1,2,3' },
    { name: 'an empty step', text: 'a..b\n1' },
    { name: 'the prototype of all objects', text: '__proto__.x\n1' },
    { name: 'a quotation that never ends', text: 'a,b\n"1,2\n3,4' },
  ])('cannot be told with $name', ({ text }) => {
    expect(codeOf(text)).toBe('unreadable_csv')
  })
})
