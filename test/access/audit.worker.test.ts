import { describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

const logOf = async (subject: string) =>
  (await api('GET', `/api/audit-log?subject=${encodeURIComponent(subject)}`)).json.data

describe('the audit log', () => {
  it('tells who changed what, the last first, and never a secret', async () => {
    const { json: key } = await api('POST', '/api/keys', { body: { name: 'Desk', scopes: ['admin'] } })
    await api('DELETE', `/api/keys/${key.key_id}`)
    expect(await logOf(key.key_id)).toMatchObject([
      { action: 'api_key.revoke', actor: 'sandbox admin key' },
      {
        action: 'api_key.create',
        after: { name: 'Desk', scopes: ['admin'] },
        request_id: expect.any(String),
      },
    ])
    expect((await api('GET', '/api/audit-log')).text).not.toContain(key.secret)
  })

  it('names a key by its id too: a name can be given to several', async () => {
    const { json: key } = await api('POST', '/api/keys', { body: { name: 'Desk', scopes: ['admin'] } })
    await api('POST', '/api/products', {
      key: key.secret,
      body: { product_ref: 'seats', name: 'Seats', kind: 'recurring' },
    })
    expect(await logOf('seats')).toMatchObject([{ action: 'product.create', actor: `Desk (${key.key_id})` }])
  })

  it('has a line for each step of letting a person in and out, and none of the link', async () => {
    const operator = { email: 'grace@lumen.example', name: 'Grace', role: 'finance' }
    const path = `/api/operators/${operator.email}`
    await api('POST', '/api/operators', { body: operator })
    const { json: link } = await api('POST', `${path}/sign-in-link`)
    expect((await api('GET', '/api/operators')).json.data).toContainEqual(operator)
    expect((await api('DELETE', path)).json).toEqual(operator)

    const lines = await logOf(operator.email)
    expect(lines.map(({ action }: { action: string }) => action)).toEqual([
      'operator.remove',
      'operator.sign_in_link',
      'operator.save',
    ])
    expect(JSON.stringify(lines)).not.toContain(link.url.split('/').at(-1))
    expect((await api('DELETE', path)).json.code).toBe('operator_not_found')
  })

  it('comes in pages', async () => {
    const first = (await api('GET', '/api/audit-log?limit=2')).json
    const second = (await api('GET', `/api/audit-log?limit=2&cursor=${first.next_cursor}`)).json
    const ids = [...first.data, ...second.data].map(({ audit_id }) => audit_id)
    expect(new Set(ids).size).toBe(4)
  })

  it('is for admins', async () => {
    const { json } = await api('POST', '/api/keys', { body: { name: 'Reader', scopes: ['finance'] } })
    expect((await api('GET', '/api/audit-log', { key: json.secret })).json.code).toBe('scope_missing')
  })
})
