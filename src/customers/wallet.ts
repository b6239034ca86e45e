import { HDKey } from 'viem/accounts'

/** What stands in the way of deriving deposit addresses from an extended key, in words; undefined if nothing does. */
export function faultOfXpub(text: string): string | undefined {
  if (/^[a-z]prv/.test(text)) {
    return 'this is an extended PRIVATE key: it was not stored, but treat it as known to others; send the xpub'
  }
  try {
    return HDKey.fromExtendedKey(text).privateKey === null ? undefined : 'must be a public key'
  } catch {
    return 'must be an extended public key (xpub…) with a valid checksum'
  }
}
