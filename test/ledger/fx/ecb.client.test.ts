import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ecbSource } from '../../../src/ledger/fx/ecb.client.ts'

const fileOf = (...days: [string, string][]) =>
  `<gesmes:Envelope><Cube>${days
    .map(([day, rate]) => `<Cube time="${day}"><Cube currency="USD" rate="${rate}"/></Cube>`)
    .join('')}</Cube></gesmes:Envelope>`

/** What the server answers under each folder, which stands for a state that the bank's server may be in. */
const ANSWERS: Record<string, (answer: ServerResponse) => void> = {
  '/well/eurofxref-daily.xml': (answer) => answer.end(fileOf(['2026-11-23', '1.0860'])),
  '/well/eurofxref-hist-90d.xml': (answer) =>
    answer.end(fileOf(['2026-11-23', '1.0860'], ['2026-11-20', '1.0853'], ['2026-11-19', '1.0841'])),
  '/down/eurofxref-daily.xml': (answer) => answer.writeHead(503).end(),
  '/page/eurofxref-daily.xml': (answer) => answer.end('<html>Under maintenance</html>'),
  '/endless/eurofxref-daily.xml': (answer) => answer.end('x'.repeat(2_000_001)),
  '/silent/eurofxref-daily.xml': () => {},
}

let server: Server
const source = (folder: string, timeoutMs = 10_000) =>
  ecbSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${folder}/`, timeoutMs)

beforeAll(async () => {
  server = createServer((request, answer) => ANSWERS[request.url ?? '']?.(answer))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('the European Central Bank', () => {
  it.each([
    ['the file of the day, where only that is missing', '2026-11-20', ['2026-11-23']],
    ['the file of 90 days, where more are', '2026-11-19', ['2026-11-23', '2026-11-20', '2026-11-19']],
    ['the file of 90 days, at first', undefined, ['2026-11-23', '2026-11-20', '2026-11-19']],
  ])('is asked for %s', async (_, after, days) => {
    const rates = await source('well').fetchRates({ after, upTo: '2026-11-23' })
    expect(rates.map(({ date }) => date)).toEqual(days)
    expect(rates[0]).toEqual({ base: 'EUR', quote: 'USD', date: '2026-11-23', rate: '1.086' })
  })

  it.each([
    ['an answer of failure', 'down', 'answered with status 503'],
    ['a page that is no file of rates', 'page', 'no exchange rates'],
    ['more than can be', 'endless', 'is larger than 2000000 bytes'],
    ['silence', 'silent', 'did not answer within 50 ms'],
  ])('may send %s', async (_, folder, said) => {
    const days = { after: '2026-11-20', upTo: '2026-11-23' }
    await expect(source(folder, folder === 'silent' ? 50 : undefined).fetchRates(days)).rejects.toThrow(said)
  })

  it('may not be reached', async () => {
    const days = { after: '2026-11-20', upTo: '2026-11-23' }
    await expect(ecbSource('http://127.0.0.1:1/').fetchRates(days)).rejects.toThrow('could not be reached')
  })
})
