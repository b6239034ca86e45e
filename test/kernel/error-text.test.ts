import { describe, expect, it } from 'vitest'
import { errorText } from '../../src/kernel/error-text.ts'

describe('the text of an error for a log', () => {
  it('leaves out the values of a failed statement, and gives the reason of the database', () => {
    const error = new Error(
      'Failed query: insert into customers values (?, ?)\nparams: a\n    at b,eve@evil.example',
      {
        cause: new Error('D1_ERROR: no such table'),
      },
    )
    const { message, stack } = errorText(error)
    expect(message).toBe('Failed query: insert into customers values (?, ?): D1_ERROR: no such table')
    expect(stack).not.toContain('eve@evil.example')
    expect(stack).toContain('error-text.test.ts')
  })

  it('leaves other errors as they are', () => {
    expect(errorText(new Error('no node')).message).toBe('no node')
    expect(errorText('thrown text')).toEqual({ message: 'thrown text' })
  })
})
