import { HDKey } from 'viem/accounts'

/** m / purpose' / coin' / account' / change: four steps below the seed. */
const CHANGE_LEVEL_DEPTH = 4

type XpubFault = { code: 'wallet_not_watch_only' | 'xpub_malformed' | 'xpub_level'; message: string }

/**
 * What keeps deposit addresses from being derived from an extended key; undefined if nothing does. A private key is
 * refused whatever it is sent for: a key that could move money has no place in a server that only has to recognise it.
 * No message repeats the text, since a mistyped private key is still a secret.
 *
 * @see BIP-32 (extended keys), BIP-44 (levels)
 */
export function faultOfXpub(text: string): XpubFault | undefined {
  if (/^[a-z]prv/.test(text)) {
    return {
      code: 'wallet_not_watch_only',
      message:
        'is an extended PRIVATE key: it was not stored, but treat it as known to others; move its funds, and send an xpub',
    }
  }
  const depth = depthOf(text)
  if (depth === undefined) {
    return { code: 'xpub_malformed', message: 'must be an extended public key (xpub…) with a valid checksum' }
  }
  if (depth !== CHANGE_LEVEL_DEPTH) {
    return {
      code: 'xpub_level',
      message: `must be the key of the change level, m/44'/60'/n'/0 (depth 4); this one has depth ${depth}`,
    }
  }
  return undefined
}

function depthOf(text: string): number | undefined {
  try {
    return HDKey.fromExtendedKey(text).depth
  } catch {
    return undefined
  }
}
