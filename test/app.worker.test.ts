import { expect, it } from 'vitest'
import { api } from './support/worker.ts'

it('answers an unknown address with problem+json that carries the request id', async () => {
  const answer = await api('GET', '/nowhere')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.json).toMatchObject({ code: 'route_not_found', status: 404, errors: [] })
  expect(answer.json.request_id).toBe(answer.headers.get('x-request-id'))
})

it('tells a media type that it does not take by the same code everywhere', async () => {
  const answer = await api('POST', '/api/customers', {
    body: '<customer/>',
    headers: { 'content-type': 'text/xml' },
  })
  expect(answer.status).toBe(415)
  expect(answer.json).toMatchObject({ code: 'unsupported_media_type', status: 415 })
})
