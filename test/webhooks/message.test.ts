import { describe, expect, it } from 'vitest'
import { messageBody, signedHeaders } from '../../src/webhooks/message.ts'

describe('a message', () => {
  // The vector of the Standard Webhooks libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
  const body = '{"test": 2432232314}'

  it('is signed as the published vector says', () => {
    expect(signedHeaders(id, body, [secret], 1_614_265_330_999)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('bears a signature for each secret in use', () => {
    const { 'webhook-signature': both } = signedHeaders(id, body, [secret, secret], 1_614_265_330_000)
    expect(both).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it('says what happened, when, to whom', () => {
    const message = {
      ...({ id: 'evt_1', type: 'period.locked', createdAt: Date.UTC(2026, 1, 3) } as const),
      ...{ entityRef: 'acme', data: { month: '2026-01' } },
    }
    expect(JSON.parse(messageBody(message))).toEqual({
      ...{ id: 'evt_1', type: 'period.locked', created_at: '2026-02-03T00:00:00.000Z' },
      ...{ entity_ref: 'acme', data: { month: '2026-01' } },
    })
  })
})
