import { describe, expect, it } from 'vitest'
import { urlFault } from '../../src/webhooks/webhook-url.ts'

describe('the address of a webhook', () => {
  it.each([
    'https://hooks.example.com/accrue?tenant=7',
    'https://example.com:8443/',
    'https://9.9.9.9/hook',
    'https://172.32.0.1/',
    'https://[2001:4860:4860::8888]/',
  ])('may be %s', (url) => expect(urlFault(url, false)).toBeUndefined())

  it.each([
    ['hooks.example.com', 'must be a URL'],
    ['', 'must be a URL'],
    [`https://example.com/${'x'.repeat(2_000)}`, 'at most 2,000'],
    ['http://hooks.example.com/', 'must begin with https'],
    ['ftp://example.com/', 'must begin with https'],
    ['http://localhost:3000/', 'must begin with https'],
    ['https://ada:secret@example.com/', 'must have no user'],
    ['https://example.com/#part', 'fragment'],
    ['https://localhost/', 'public internet'],
    ['https://printer.local./', 'public internet'],
    ['https://db.internal/', 'public internet'],
    ['https://intranet/', 'public internet'],
    ['https://10.0.0.7/', 'public internet'],
    ['https://172.16.3.4/', 'public internet'],
    ['https://192.168.1.1/', 'public internet'],
    ['https://169.254.169.254/latest/meta-data', 'public internet'],
    ['https://100.64.0.1/', 'public internet'],
    ['https://0x7f.1/', 'public internet'],
    ['https://2130706433/', 'public internet'],
    ['https://224.0.0.1/', 'public internet'],
    ['https://255.255.255.255/', 'public internet'],
    ['https://[::1]/', 'public internet'],
    ['https://[::ffff:10.0.0.7]/', 'public internet'],
    ['https://[fd00::1]/', 'public internet'],
    ['https://[fe80::1]/', 'public internet'],
    ['https://[2002:7f00:1::]/', 'public internet'],
    ['https://[2001::1]/', 'public internet'],
  ])('is not %s', (url, fault) => expect(urlFault(url, false)).toContain(fault))

  it.each(['http://localhost:3000/hook', 'http://127.0.0.1:3000/', 'http://[::1]:3000/'])(
    'may be %s in the sandbox',
    (url) => expect(urlFault(url, true)).toBeUndefined(),
  )

  it('is no other machine of the own network in the sandbox either', () => {
    expect(urlFault('http://192.168.1.1/', true)).toContain('must begin with https')
    expect(urlFault('https://192.168.1.1/', true)).toContain('public internet')
  })
})
