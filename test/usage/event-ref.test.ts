import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastHash128 } from '../../src/kernel/fast-hash.ts'
import { eventRef, readEventRef } from '../../src/usage/event-ref.ts'

const hashed = (eventId: string): Uint32Array => {
  const id = new Uint32Array(4)
  fastHash128(eventId, id, 0)
  return id
}

const ref = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 128 })
  .filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))

describe('the reference of an event', () => {
  it('says whose it is and under which id, whatever characters both have', () =>
    fc.assert(
      fc.property(ref, fc.string({ minLength: 1 }), (customerRef, eventId) => {
        const text = eventRef(customerRef, eventId)
        expect(text).toMatch(/^evt_[\w-]+\.[0-9a-f]{32}$/)
        expect(readEventRef(text)).toEqual({ customerRef, id: hashed(eventId) })
      }),
    ))

  it('is another one for another customer', () =>
    expect(eventRef('a', 'event')).not.toBe(eventRef('b', 'event')))

  it.each([
    ['nothing', ''],
    ['another id', 'inv_0123456789abcdef0123456789abcdef'],
    ['no customer', 'evt_.0123456789abcdef0123456789abcdef'],
    ['a short hash', 'evt_YWNtZQ.0123456789abcdef'],
    ['upper case', 'evt_YWNtZQ.0123456789ABCDEF0123456789ABCDEF'],
    ['something after it', 'evt_YWNtZQ.0123456789abcdef0123456789abcdef\n'],
    ['base64 of half a byte', 'evt_Y.0123456789abcdef0123456789abcdef'],
    // ff is no UTF-8.
    ['bytes that are no text', 'evt__w.0123456789abcdef0123456789abcdef'],
    // 'a', 0, '1': the name of a shard, which no customer has.
    ['a customer with a control character', 'evt_YQAx.0123456789abcdef0123456789abcdef'],
  ])('is not read from %s', (_, text) => expect(readEventRef(text)).toBeUndefined())
})
