import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Instant } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'

/** What a secret is made from; worth nothing without the Worker's own secret. `until` is null for the newest. */
export type SecretSeed = { seed: string; until: Instant | null }

/** Rotations that can be under way at once; of more, the oldest secret ends early. */
const SEEDS_MAX = 5

/**
 * The secret of a webhook, `whsec_` and 32 bytes in base64 as Standard Webhooks writes it. It is derived and never
 * stored: who reads the database learns none, and another `linkSecret` changes all of them.
 *
 * @throws Problem 503 `link_secret_not_set` while the Worker has none.
 */
export function secretOf(linkSecret: string | undefined, seed: string): string {
  if (!linkSecret)
    throw new Problem(
      503,
      'link_secret_not_set',
      'Webhooks are signed with the help of the secret LINK_SECRET: set it.',
    )
  const key = hmac(sha256, utf8ToBytes(linkSecret), utf8ToBytes(`webhook ${seed}`))
  return `whsec_${btoa(String.fromCharCode(...key))}`
}

/** The seeds that sign at an instant, the newest first. */
export const activeSeeds = (seeds: readonly SecretSeed[], now: Instant): SecretSeed[] =>
  seeds.filter(({ until }) => until === null || until > now)

/**
 * Puts a seed in place of the newest, which goes on signing until `until`: a receiver that knows either secret accepts
 * what is sent meanwhile.
 */
export function rotated(
  seeds: readonly SecretSeed[],
  seed: string,
  { now, until }: { now: Instant; until: Instant },
): SecretSeed[] {
  const former = activeSeeds(seeds, now).map((one) => ({ ...one, until: one.until ?? until }))
  return [{ seed, until: null }, ...activeSeeds(former, now)].slice(0, SEEDS_MAX)
}
