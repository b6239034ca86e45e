import { expect, it } from 'vitest'
import { api } from '../support/worker.ts'

it('describes every call, its scheme of keys and its problems in OpenAPI 3.1', async () => {
  const { json } = await api('GET', '/openapi.json', { key: null })
  expect(json.openapi).toBe('3.1.0')
  expect(json.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
  expect(json.components.schemas.Problem.required).toContain('code')
  expect(json.paths['/api/usage/event'].post.security).toEqual([{ bearer: ['ingest'] }])
  expect(json.paths['/api/ledger/trial-balance'].get.summary).toBeTruthy()
  expect(Object.keys(json.paths)).not.toContain('/console')
})

it('shows the API with scripts of its own origin only', async () => {
  const { status, text, headers } = await api('GET', '/docs', { key: null })
  expect(status).toBe(200)
  expect([...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)).toEqual([
    '/assets/icon.svg',
    '/docs-ui/swagger-ui.css',
    '/docs-ui/swagger-ui-bundle.js',
    '/assets/docs.js',
    '/openapi.json',
  ])
  expect(headers.get('content-security-policy')).toContain("script-src 'self';")
})

it('tells language models where to look', async () => {
  const { text, headers } = await api('GET', '/llms.txt', { key: null })
  expect(headers.get('content-type')).toContain('text/plain')
  expect(text).toContain('(/openapi.json)')
  expect(text).toContain('Writes take an Idempotency-Key, except')
})
