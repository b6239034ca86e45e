import { Problem } from '../../kernel/problem.ts'
import { lastDayPublished, workingDayBefore } from './ecb-calendar.ts'
import { readRateFile } from './rate-file.ts'
import type { RateSource } from './rate-source.ts'

const ECB_URL = 'https://www.ecb.europa.eu/stats/eurofxref/'
const DAILY = 'eurofxref-daily.xml'
/** The last 90 days: 130 KB. */
const QUARTER = 'eurofxref-hist-90d.xml'

const TIMEOUT_MS = 10_000
const BYTES_MAX = 2_000_000

/**
 * The reference rates of the European Central Bank: the file of the day where only that is missing, else the one of
 * the last 90 days. What a euro was worth before that is imported from a file.
 */
export const ecbSource = (url = ECB_URL, timeoutMs = TIMEOUT_MS): RateSource => ({
  name: 'ecb',
  lastDay: lastDayPublished,
  async fetchRates({ after, upTo }) {
    const file = after !== undefined && after >= workingDayBefore(upTo) ? DAILY : QUARTER
    return readRateFile(await textOf(new URL(file, url), timeoutMs))
  },
})

/** The text of a file. Throws `fx_source_unreadable`, which names the file and what is wrong with its answer. */
async function textOf(url: URL, timeoutMs: number): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    if (!answer.ok) throw unreadable(url, `answered with status ${answer.status}`)
    return await boundedText(answer, url)
  } catch (error) {
    if (error instanceof Problem) throw error
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw unreadable(url, isLate ? `did not answer within ${timeoutMs} ms` : 'could not be reached')
  }
}

async function boundedText(answer: Response, url: URL): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > BYTES_MAX) throw unreadable(url, `is larger than ${BYTES_MAX} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const unreadable = (url: URL, what: string) =>
  new Problem(503, 'fx_source_unreadable', `${url.href} ${what}.`)
