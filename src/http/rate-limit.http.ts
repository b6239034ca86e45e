import { createMiddleware } from 'hono/factory'
import { sha256Hex } from '../kernel/hash.ts'
import { Problem } from '../kernel/problem.ts'
import type { AppEnv } from './router.http.ts'

/** The periods of the bindings in wrangler.toml: whoever waits that long is let in again. */
const CALLS_PERIOD_S = 10
const GUESSES_PERIOD_S = 60

/**
 * Bounds the calls of one credential, and of one address whatever credentials it tries. Usage events are not counted:
 * one refused is revenue lost, and their size, their number in a batch and their key bound them already.
 */
export const limitCalls = createMiddleware<AppEnv>(async (c, next) => {
  const credential = c.req.header('authorization')
  const isIngest = c.req.method === 'POST' && c.req.path.startsWith('/api/usage/')
  const keys = [addressOf(c.req.header('cf-connecting-ip')), credential && `key ${sha256Hex(credential)}`]
  if (!isIngest && (await isExceeded(c.env.CALL_RATE, keys))) throw tooMany(CALLS_PERIOD_S)
  await next()
})

/** Bounds what one address may try where no credential is asked for, or where another service is called for it. */
export const limitGuesses = (action: 'sign-in' | 'card') =>
  createMiddleware<AppEnv>(async (c, next) => {
    const address = addressOf(c.req.header('cf-connecting-ip'))
    if (await isExceeded(c.env.GUESS_RATE, [address && `${action} ${address}`])) {
      throw tooMany(GUESSES_PERIOD_S)
    }
    await next()
  })

/** Counts the request for each key that it has. */
async function isExceeded(limiter: RateLimit, keys: readonly (string | undefined)[]): Promise<boolean> {
  const counted = await Promise.all(
    keys.filter((key) => key !== undefined).map((key) => limiter.limit({ key })),
  )
  return counted.some(({ success }) => !success)
}

/**
 * Whom an address counts for. One subscriber holds a whole /64 of IPv6, so only that half is looked at. Cloudflare sets
 * the header on every request from outside; one without it comes from inside the deployment and is not counted.
 */
function addressOf(header: string | undefined): string | undefined {
  if (!header?.includes(':')) return header
  return header.split('::')[0]!.split(':').slice(0, 4).join(':')
}

const tooMany = (seconds: number): Problem =>
  new Problem(429, 'too_many_requests', `Too many requests; try again in ${seconds} seconds.`, {
    headers: { 'retry-after': String(seconds) },
  })
