import { describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

const post = (key: string, name: string) =>
  api('POST', '/api/customers', { headers: { 'idempotency-key': key }, body: { name } })

describe('Idempotency-Key', () => {
  it('answers the same request again without doing it again', async () => {
    const first = await post('k1', 'Twice')
    const second = await post('k1', 'Twice')
    expect(second.text).toBe(first.text)
    expect(second.status).toBe(first.status)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    const { data } = (await api('GET', '/api/customers')).json
    expect(data.filter((customer: { name: string }) => customer.name === 'Twice')).toHaveLength(1)
  })

  it('does ten requests at the same time once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('k2', 'Ten times')))
    const made = answers.filter((answer) => answer.status < 300)
    expect(made.length).toBeGreaterThanOrEqual(1)
    expect(new Set(made.map((answer) => answer.json.customer_ref)).size).toBe(1)
    for (const answer of answers)
      if (answer.status >= 300) expect(answer.json.code).toBe('request_in_progress')
    const { data } = (await api('GET', '/api/customers')).json
    expect(data.filter((customer: { name: string }) => customer.name === 'Ten times')).toHaveLength(1)
  })

  it('is a conflict with another body', async () => {
    await post('k3', 'One')
    const answer = await post('k3', 'Another')
    expect([answer.status, answer.json.code]).toEqual([409, 'idempotency_key_reused'])
  })

  it('belongs to the caller: the key of another is another', async () => {
    const { secret } = (await api('POST', '/api/keys', { body: { name: 'Other', scopes: ['admin'] } })).json
    await post('k4', 'Mine')
    const answer = await api('POST', '/api/customers', {
      key: secret,
      headers: { 'idempotency-key': 'k4' },
      body: { name: 'Yours' },
    })
    expect(answer.json.name).toBe('Yours')
  })
})
