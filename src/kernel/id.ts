import { sha256Hex } from './hash.ts'

/**
 * An id made from business identity: the same parts give the same id, so a repeated step meets its own row again.
 *
 * @example derivedId('inv', 'contract-7', '3') // inv_5f0c…
 */
export const derivedId = (prefix: string, ...parts: readonly (string | number)[]): string =>
  `${prefix}_${sha256Hex(JSON.stringify(parts.map(String))).slice(0, 32)}`

/** A new id that nothing else has, for things that people create. */
export const randomId = (prefix: string): string => `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`

/** A secret of 32 random bytes, base64url. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
