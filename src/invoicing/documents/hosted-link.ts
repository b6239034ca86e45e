import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { Problem } from '../../kernel/problem.ts'

/**
 * The secret part of a hosted invoice's address: `<invoice id>.<mac>`. Who holds the link may see and pay the invoice;
 * nothing is stored, and a new LINK_SECRET ends all links.
 */
export const hostedToken = (secret: string, invoiceId: string): string =>
  `${invoiceId}.${mac(secret, invoiceId)}`

export const hostedUrl = (publicUrl: string, secret: string, invoiceId: string): string =>
  `${publicUrl.replace(/\/$/, '')}/i/${hostedToken(secret, invoiceId)}`

/** The address for a mail, which has no request to take it from. Throws 503 `public_url_not_set`. */
export function hostedUrlInMail(
  { PUBLIC_URL, LINK_SECRET }: { PUBLIC_URL?: string; LINK_SECRET?: string },
  invoiceId: string,
): string {
  if (PUBLIC_URL && LINK_SECRET) return hostedUrl(PUBLIC_URL, LINK_SECRET, invoiceId)
  throw new Problem(503, 'public_url_not_set', 'Links in mails need the settings PUBLIC_URL and LINK_SECRET.')
}

/** The invoice that a token opens, or undefined if it was not made with this secret. */
export function invoiceOfToken(secret: string, token: string): string | undefined {
  const [invoiceId = '', given = ''] = token.split('.')
  return sameText(given, mac(secret, invoiceId)) ? invoiceId : undefined
}

const mac = (secret: string, invoiceId: string): string =>
  bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(`invoice ${invoiceId}`))).slice(0, 40)

/** Compares in a time that does not tell where two texts differ. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let place = 0; place < a.length; place++) difference |= a.charCodeAt(place) ^ b.charCodeAt(place)
  return difference === 0
}
