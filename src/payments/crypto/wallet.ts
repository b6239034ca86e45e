import { secp256k1 } from '@noble/curves/secp256k1'
import { HDKey, publicKeyToAddress } from 'viem/accounts'
import { bytesToHex } from 'viem/utils'
import { invalid } from '../../kernel/problem.ts'

/** m / purpose' / coin' / account' / change: four steps below the seed. */
const CHANGE_LEVEL_DEPTH = 4
/** Indexes from here on are hardened: a public key alone cannot derive them. */
const INDEX_END = 2 ** 31

/**
 * The deposit address with this index below an extended public key, in lower case. Whoever holds the wallet's seed
 * holds its private key; this program never does.
 *
 * @param xpub of the change level, `m/44'/60'/n'/0`
 * @throws Problem `wallet_not_watch_only`, `xpub_malformed` or `xpub_level` (see `watchOnlyKey`)
 * @see BIP-32 (child public keys), BIP-44 (levels), SLIP-44 (coin 60)
 */
export function depositAddress(xpub: string, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= INDEX_END) {
    throw new RangeError(`derivation index ${index} is outside 0 to 2^31 - 1`)
  }
  const { publicKey } = watchOnlyKey(xpub).deriveChild(index)
  if (!publicKey) throw new Error('a public key derives public keys')
  // An address is the hash of both coordinates, while extended keys carry one of them and the other's parity.
  const uncompressed = secp256k1.ProjectivePoint.fromHex(publicKey).toRawBytes(false)
  return publicKeyToAddress(bytesToHex(uncompressed)).toLowerCase()
}

/**
 * Reads an extended public key. An extended private key is refused whatever it is used for: a key that could move
 * money has no place in a server that only has to recognise it.
 */
export function watchOnlyKey(xpub: string): HDKey {
  const key = parseKey(xpub)
  if (key.privateKey) {
    key.wipePrivateData()
    throw invalid(
      'wallet_not_watch_only',
      'This is an extended private key. Give the extended public key (xpub…), and move the funds of this wallet: ' +
        'its private key has left it.',
    )
  }
  if (key.depth !== CHANGE_LEVEL_DEPTH) {
    throw invalid(
      'xpub_level',
      `This extended public key has depth ${key.depth}. Export the one of the change level, m/44'/60'/n'/0 (depth 4).`,
    )
  }
  return key
}

function parseKey(text: string): HDKey {
  try {
    return HDKey.fromExtendedKey(text)
  } catch {
    // The text itself is not repeated: a mistyped private key is still a secret.
    throw invalid('xpub_malformed', 'This is no extended public key of BIP-32 (xpub…); copy it again, whole.')
  }
}
