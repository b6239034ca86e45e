import { expect, it } from 'vitest'
import { groupDigits } from '../../src/kernel/digits.ts'

it.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['-1000', '-1,000'],
  ['-100', '-100'],
  ['1234567.1234567', '1,234,567.1234567'],
  ['12345678901234567890.00', '12,345,678,901,234,567,890.00'],
  ['0.0001', '0.0001'],
])('%s is read as %s', (decimal, read) => {
  expect(groupDigits(decimal)).toBe(read)
})
